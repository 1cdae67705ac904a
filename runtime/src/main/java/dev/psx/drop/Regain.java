package dev.psx.drop;

import dev.psx.spi.CapabilityCalls;
import dev.psx.spi.Program;
import java.util.ArrayList;
import java.util.List;

/**
 * Internal: attempts to get privileges back, made by the disposable process when the program has run, and never by a real task.
 * What kept capabilities allow is not tried: it is named among the warnings.
 */
final class Regain {

    private static final long SETGID = 1L << 6;
    private static final long SETUID = 1L << 7;
    private static final long SETPCAP = 1L << 8;
    private static final int PR_SET_NO_NEW_PRIVS = 38;

    private final DropSpec spec;
    private final Program attempts = new Program();

    /** @param permitted what the program leaves permitted */
    Regain(DropSpec spec, long permitted) {
        this.spec = spec;
        if ((permitted & SETUID) == 0 && spec.uid != null && spec.uid != 0) {
            attempts.add("setresuid", 0, 0, 0);
        }
        if ((permitted & SETGID) == 0) {
            groups();
        }
        if (spec.capabilities != null) {
            more(permitted);
        }
        if ((permitted & SETPCAP) == 0 && spec.secureBits != null) {
            CapabilityCalls.secureBits(attempts, 0);
        }
        if (spec.noNewPrivileges) {
            attempts.addShown("prctl(PR_SET_NO_NEW_PRIVS, 0)", "prctl", PR_SET_NO_NEW_PRIVS, 0);
        }
    }

    private void groups() {
        if (spec.gid != null && spec.gid != 0) {
            attempts.add("setresgid", 0, 0, 0);
        }
        if (spec.groups() != null) {
            attempts.addGroups(0);
        }
    }

    private void more(long permitted) {
        long missing = Long.lowestOneBit(~permitted);
        String shown = "permitted " + CapabilityNames.list(permitted | missing);
        CapabilityCalls.capset(attempts, shown, permitted | missing, permitted & ~missing, 0);
    }

    Program attempts() {
        return attempts;
    }

    /**
     * Returns what succeeded although it must not.
     *
     * @param results what each attempt gave
     */
    List<String> successes(long[] results) {
        List<String> successes = new ArrayList<>();
        for (int i = 0; i < results.length; i++) {
            if (results[i] >= 0) {
                successes.add(attempts.describe(i));
            }
        }
        return successes;
    }
}

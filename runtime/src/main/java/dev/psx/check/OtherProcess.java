package dev.psx.check;

import dev.psx.Credentials;
import dev.psx.spi.Program;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;

/**
 * Internal: the calls that give a disposable process of ours the state of a task of another process, so that a drop that is tried
 * afterwards begins where it will begin there. Seccomp filters cannot be copied.
 */
public final class OtherProcess {

    private static final int PR_SET_KEEPCAPS = 8;
    private static final int PR_CAPBSET_DROP = 24;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PR_CAP_AMBIENT = 47;
    private static final int PR_CAP_AMBIENT_RAISE = 2;
    private static final int CAPABILITY_VERSION_3 = 0x20080522;

    private final String proc;
    private final Credentials target;
    private final Program program = new Program();

    private OtherProcess(int tid, Credentials target) {
        this.proc = "/proc/" + Integer.toUnsignedString(tid);
        this.target = target;
    }

    /**
     * Returns the calls.
     *
     * @param tid a task that lives
     * @param target its credentials
     * @param own those that the disposable process has at first
     */
    public static Program becoming(int tid, Credentials target, Credentials own) throws IOException {
        return new OtherProcess(tid, target).calls(own);
    }

    /** Whether ids mean there what they mean here. */
    public static boolean sharesUserNamespace(int tid) throws IOException {
        return same(Paths.get("/proc/" + Integer.toUnsignedString(tid)), "ns/user");
    }

    private static boolean same(Path proc, String link) throws IOException {
        return Files.readSymbolicLink(proc.resolve(link))
                .equals(Files.readSymbolicLink(Paths.get("/proc/self").resolve(link)));
    }

    private Program calls(Credentials own) throws IOException {
        if (!same(Paths.get(proc), "ns/mnt") || !same(Paths.get(proc), "root")) {
            byte[] root = (proc + "/root\0").getBytes(StandardCharsets.UTF_8);
            program.addShown("chroot(" + proc + "/root)", "chroot", (Object) root);
        }
        if (!sameState(own)) {
            ids();
            capabilities(own);
        }
        if (target.noNewPrivs()) {
            program.addShown("prctl(PR_SET_NO_NEW_PRIVS, 1)", "prctl", PR_SET_NO_NEW_PRIVS, 1);
        }
        return program;
    }

    private boolean sameState(Credentials own) {
        return Arrays.equals(uids(own), uids(target))
                && Arrays.equals(gids(own), gids(target))
                && Arrays.equals(own.groups(), target.groups())
                && own.permitted() == target.permitted()
                && own.effective() == target.effective()
                && own.inheritable() == target.inheritable()
                && own.ambient() == target.ambient()
                && own.bounding() == target.bounding();
    }

    private void ids() {
        program.addGroups(target.groups());
        program.add("setresgid", gids(target));
    }

    /** The bounding set first, which needs a capability; then the user, whose change must not take the rest away. */
    private void capabilities(Credentials own) {
        for (int capability = 0; capability < Long.SIZE; capability++) {
            if (((own.bounding() & ~target.bounding()) >>> capability & 1) != 0) {
                program.addShown("prctl(PR_CAPBSET_DROP, " + capability + ")", "prctl", PR_CAPBSET_DROP, capability);
            }
        }
        program.addShown("prctl(PR_SET_KEEPCAPS, 1)", "prctl", PR_SET_KEEPCAPS, 1);
        program.add("setresuid", uids(target));
        program.addShown("prctl(PR_SET_KEEPCAPS, 0)", "prctl", PR_SET_KEEPCAPS, 0);
        program.addShown("capset(as there)", "capset", header(), sets());
        for (int capability = 0; capability < Long.SIZE; capability++) {
            if ((target.ambient() >>> capability & 1) != 0) {
                String shown = "prctl(PR_CAP_AMBIENT_RAISE, " + capability + ")";
                program.addShown(shown, "prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability);
            }
        }
    }

    private static byte[] header() {
        return words(2).putInt(CAPABILITY_VERSION_3).array();
    }

    /** Lower halves of effective, permitted and inheritable, then the upper ones. */
    private byte[] sets() {
        ByteBuffer sets = words(6);
        for (int shift = 0; shift < Long.SIZE; shift += Integer.SIZE) {
            sets.putInt((int) (target.effective() >>> shift));
            sets.putInt((int) (target.permitted() >>> shift));
            sets.putInt((int) (target.inheritable() >>> shift));
        }
        return sets.array();
    }

    private static ByteBuffer words(int count) {
        return ByteBuffer.allocate(count * Integer.BYTES).order(ByteOrder.nativeOrder());
    }

    private static long[] uids(Credentials c) {
        return unsigned(c.realUid(), c.effectiveUid(), c.savedUid());
    }

    private static long[] gids(Credentials c) {
        return unsigned(c.realGid(), c.effectiveGid(), c.savedGid());
    }

    private static long[] unsigned(int... ids) {
        long[] unsigned = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            unsigned[i] = Integer.toUnsignedLong(ids[i]);
        }
        return unsigned;
    }
}

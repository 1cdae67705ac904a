package dev.psx.drop;

import dev.psx.Credentials;
import dev.psx.spi.CapabilityWords;

/** Internal: a process that a drop does not reach. Immutable. */
public final class OutsideProcess {

    public final int pid;
    public final String comm;

    /** Whether it runs in this process's memory; otherwise it is a child, or a child's child. */
    public final boolean sharesMemory;

    /** Whether it is a child that may have come to its own code only after the drop. */
    public final boolean mayBegin;

    public final Credentials credentials;

    OutsideProcess(ProcStat stat, boolean sharesMemory, boolean mayBegin, Credentials credentials) {
        this.pid = stat.pid;
        this.comm = stat.comm;
        this.sharesMemory = sharesMemory;
        this.mayBegin = mayBegin;
        this.credentials = credentials;
    }

    /** Returns what it is and has, why the drop did not reach it, and what to do. */
    @Override
    public String toString() {
        Credentials has = credentials;
        String who = "process " + pid + " (" + comm + "): it "
                + (sharesMemory ? "shares the memory but is no thread of this process" : "was started before the drop")
                + (mayBegin ? ", may begin only now" : "")
                + " and has uid " + ids(has.realUid(), has.effectiveUid(), has.savedUid(), has.fileSystemUid())
                + ", gid "
                + ids(has.realGid(), has.effectiveGid(), has.savedGid(), has.fileSystemGid())
                + ", groups " + (has.groups().length == 0 ? "none" : DropSpec.list(has.groups()))
                + ", permitted capabilities "
                + CapabilityWords.of(has.permitted()) + ", ambient " + CapabilityWords.of(has.ambient())
                + ", no_new_privs " + (has.noNewPrivs() ? "yes" : "no");
        return who + "; end it"
                + (sharesMemory ? ": it can change what this one does" : ", or start it after the drop");
    }

    /** One, if all are the same. */
    private static String ids(int... four) {
        for (int id : four) {
            if (id != four[0]) {
                return DropSpec.list(four);
            }
        }
        return Integer.toUnsignedString(four[0]);
    }
}

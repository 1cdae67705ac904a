package dev.psx.drop;

import dev.psx.Credentials;

/** Internal: a process that a drop does not reach. Immutable. */
public final class OutsideProcess {

    public final int pid;
    public final String comm;

    /** Whether it runs in this process's memory; otherwise it is a child, or a child's child. */
    public final boolean sharesMemory;

    public final Credentials credentials;

    OutsideProcess(int pid, String comm, boolean sharesMemory, Credentials credentials) {
        this.pid = pid;
        this.comm = comm;
        this.sharesMemory = sharesMemory;
        this.credentials = credentials;
    }

    @Override
    public String toString() {
        return "process " + pid + " (" + comm + ")" + (sharesMemory ? ", which shares the memory," : "") + " "
                + credentials;
    }
}

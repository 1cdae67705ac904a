package dev.psx.plan;

import dev.psx.Credentials;
import dev.psx.drop.OutsideProcess;

/** A process that a drop did not reach, and that may do more than the drop left to this one. Immutable. */
public final class OtherProcess {

    private final OutsideProcess process;

    OtherProcess(OutsideProcess process) {
        this.process = process;
    }

    /**
     * Returns its number.
     *
     * @return the pid
     */
    public int pid() {
        return process.pid;
    }

    /**
     * Returns its native name.
     *
     * @return the name, at most 15 bytes
     */
    public String comm() {
        return process.comm;
    }

    /**
     * Tells whether it runs in this process's memory, made by clone with CLONE_VM and without CLONE_THREAD.
     *
     * @return false for a child, or a child's child, that was started before the drop
     */
    public boolean sharesMemory() {
        return process.sharesMemory;
    }

    /**
     * Tells whether it is a child that was started just before the drop and may have come to its own code only after it.
     *
     * @return true if it had not within the time that a drop waits, or if that could not be seen
     */
    public boolean mayBegin() {
        return process.mayBegin;
    }

    /**
     * Returns what it may do.
     *
     * @return the credentials of its first task
     */
    public Credentials credentials() {
        return process.credentials;
    }

    Json json() {
        return Json.of(credentials())
                .add("pid", pid())
                .add("comm", comm())
                .add("sharesMemory", sharesMemory())
                .add("mayBegin", mayBegin());
    }

    @Override
    public String toString() {
        return process.toString();
    }
}

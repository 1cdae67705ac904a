package dev.psx.process;

/** How the kernel schedules a process, see sched(7). */
public enum SchedulingPolicy {
    /** The usual one; priority 0. */
    OTHER(0),
    /** Real time: runs until it sleeps; priority 1 to 99. */
    FIFO(1),
    /** Real time, in turns with others of the same priority; priority 1 to 99. */
    RR(2),
    /** For work that uses the processor without a break; priority 0. */
    BATCH(3),
    /** For what may wait for everything else; priority 0. */
    IDLE(5);

    private final int number;

    SchedulingPolicy(int number) {
        this.number = number;
    }

    /**
     * Returns the kernel's number.
     *
     * @return the number, such as 1 for {@link #FIFO}
     */
    public int number() {
        return number;
    }

    boolean isRealTime() {
        return this == FIFO || this == RR;
    }
}

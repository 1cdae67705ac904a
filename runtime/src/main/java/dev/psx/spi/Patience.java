package dev.psx.spi;

/**
 * Internal: what is left of the time for which somebody waits for others, counted by the waits that it is made of. Time in which the whole
 * process stood still (job control, a frozen cgroup, a virtual machine without a processor) was no time for others to come: a wait
 * that lasted much longer than was asked is not counted. That may also be for want of a processor, again and again, so only some
 * are forgiven.
 */
public final class Patience {

    private static final long STALL_NANOS = 100_000_000;
    private static final int FORGIVEN = 8;

    private final long stall;
    private long left;
    private int stalls;

    public Patience(long nanos) {
        left = nanos;
        stall = Math.min(STALL_NANOS, nanos / 4);
    }

    /** Returns how long to wait now, if so much is wanted. */
    long atMost(long wanted) {
        return Math.min(wanted, left);
    }

    public boolean over() {
        return left <= 0;
    }

    /**
     * Counts a wait; one in vain for as long as it was asked to be, however late it ended then.
     *
     * @param asked how long it was to last at most
     * @param took how long it did
     */
    public void waited(long asked, long took) {
        if (took - asked > stall && stalls < FORGIVEN) {
            stalls++;
        } else {
            left -= Math.min(asked, took);
        }
    }
}

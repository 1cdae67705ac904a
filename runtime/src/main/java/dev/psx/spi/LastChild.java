package dev.psx.spi;

/**
 * Internal: when a child was last made under the exec lock. As with {@link ExecLockState}, what counts is the copy of this class that
 * belongs to the engine's class loader.
 */
public final class LastChild {

    private static volatile boolean any;
    private static volatile long time;

    private LastChild() {}

    /** To be called before the lock is given back: whoever gets it exclusively sees this. */
    public static void made() {
        time = System.nanoTime();
        any = true;
    }

    /** Returns how many nanoseconds ago that was, {@link Long#MAX_VALUE} if never. */
    public static long age() {
        return any ? System.nanoTime() - time : Long.MAX_VALUE;
    }
}

package dev.psx.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Internal: the exec lock of this process. Whoever creates a thread or a process holds it shared for exactly that call; a
 * broadcast holds it exclusively. Both sides are reentrant, and who holds it exclusively may also take it shared.
 *
 * <p>There is one per engine: it counts only in the copy of this class that belongs to the engine's class loader. Other copies
 * come here through {@link EnginePort}.
 */
public final class ExecLockState {

    /**
     * How long a reader lets a writer go first that waits itself. Readers normally leave within microseconds, so that is plenty
     * for the writer. It must end, because that writer can be a virtual thread that needs the very thread which this reader is
     * creating (a carrier, the timer of its own wait); and because one hung reader must not stop all others.
     */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Its critical sections use the reserved stack zone: a StackOverflowError near them cannot leave it half taken. */
    private static final ReentrantReadWriteLock LOCK = new ReentrantReadWriteLock();

    private static final Lock SHARED = LOCK.readLock();
    private static final Lock EXCLUSIVE = LOCK.writeLock();

    /** What this thread holds shared; looking it up on the way out allocates nothing, so the way out cannot fail. */
    private static final ThreadLocal<Hold> HOLD = new ThreadLocal<>();

    /** Only there to name those who hold the lock when somebody waited for it in vain. */
    private static final Set<Hold> READERS = ConcurrentHashMap.newKeySet();

    private static volatile Thread writer;

    private ExecLockState() {}

    /**
     * Takes the lock shared; waits while another thread holds it exclusively. Not interruptible, the interrupt is kept.
     *
     * <p>If this throws (no memory, no stack) the lock is not held.
     */
    public static void enterShared() {
        awaitShared();
        try {
            hold().depth++;
        } catch (Throwable e) {
            SHARED.unlock();
            throw e;
        }
    }

    /**
     * Gives the lock back that {@link #enterShared} took.
     *
     * @throws IllegalMonitorStateException if this thread does not hold it shared
     */
    public static void exitShared() {
        Hold hold = HOLD.get();
        if (hold == null) {
            HOLD.remove();
            throw new IllegalMonitorStateException("the exec lock is not held shared by " + caller());
        }
        if (--hold.depth == 0) {
            READERS.remove(hold);
            HOLD.remove();
        }
        SHARED.unlock();
    }

    /** As {@link #enterShared}, by code instrumented in the JDK that is about to create a thread or a process. */
    public static void beginCreation() {
        enterShared();
        HOLD.get().creations++;
    }

    /** What {@link #beginCreation} announced has been done or has failed. Does nothing if nothing was announced. */
    public static void endCreation() {
        Hold hold = HOLD.get();
        if (hold == null) {
            HOLD.remove();
        } else if (hold.creations > 0) {
            hold.creations--;
            exitShared();
        }
    }

    /**
     * Takes the lock exclusively, waiting at most this long for others. Not interruptible, the interrupt is kept.
     *
     * @return false if others held it all the time; {@link #holders} names them
     * @throws IllegalStateException if this thread holds the lock shared: two that wanted to rise would wait for each other
     */
    public static boolean tryExclusive(long nanos) {
        if (LOCK.getReadHoldCount() > 0 && !LOCK.isWriteLockedByCurrentThread()) {
            throw new IllegalStateException(
                    caller()
                            + " holds the exec lock shared (it is creating a thread or a process) and cannot take it exclusively");
        }
        boolean taken = awaitExclusive(nanos);
        if (taken) {
            writer = Thread.currentThread();
        }
        return taken;
    }

    /**
     * Gives the lock back that {@link #tryExclusive} took.
     *
     * @throws IllegalMonitorStateException if this thread does not hold it exclusively
     */
    public static void exitExclusive() {
        if (!LOCK.isWriteLockedByCurrentThread()) {
            throw new IllegalMonitorStateException("the exec lock is not held exclusively by " + caller());
        }
        if (LOCK.getWriteHoldCount() == 1) {
            writer = null;
        }
        EXCLUSIVE.unlock();
    }

    /** Returns the names of the threads that hold the lock now, shared or exclusively. */
    public static List<String> holders() {
        List<String> names = new ArrayList<>();
        Thread exclusive = writer;
        if (exclusive != null) {
            names.add(exclusive.getName());
        }
        for (Hold reader : READERS) {
            if (reader.thread != exclusive) {
                names.add(reader.thread.getName());
            }
        }
        return names;
    }

    private static void awaitShared() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    // The second one passes a writer that waits, but not one that holds the lock.
                    if (SHARED.tryLock(PATIENCE_NANOS, TimeUnit.NANOSECONDS) || SHARED.tryLock()) {
                        return;
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean awaitExclusive(long nanos) {
        long deadline = System.nanoTime() + nanos;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return EXCLUSIVE.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Hold hold() {
        Hold hold = HOLD.get();
        if (hold == null) {
            hold = new Hold(Thread.currentThread());
            READERS.add(hold);
            HOLD.set(hold);
        }
        return hold;
    }

    private static String caller() {
        return "thread \"" + Thread.currentThread().getName() + "\"";
    }

    /** Touched by its own thread only, apart from the name. */
    private static final class Hold {

        final Thread thread;
        int depth;
        int creations;

        Hold(Thread thread) {
            this.thread = thread;
        }
    }
}

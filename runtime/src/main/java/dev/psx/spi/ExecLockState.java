package dev.psx.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
     * Not fair: a reader then passes without a queue, but still waits behind a writer that is first in the queue, so a storm of
     * readers does not starve a writer. Its critical sections use the reserved stack zone, so that a StackOverflowError near
     * them cannot leave it half taken.
     */
    private static final ReentrantReadWriteLock LOCK = new ReentrantReadWriteLock();

    private static final Lock SHARED = LOCK.readLock();
    private static final Lock EXCLUSIVE = LOCK.writeLock();

    /** Only there to name those who hold the lock when somebody waited for it in vain. */
    private static final Map<Holder, Holder> READERS = new ConcurrentHashMap<>();

    private static volatile Thread writer;

    private ExecLockState() {}

    /**
     * Takes the lock shared; waits while another thread holds it exclusively. Not interruptible, the interrupt is kept.
     *
     * <p>If this throws (no memory, no stack) the lock is not held.
     */
    public static void enterShared() {
        if (!(servesVirtualThreads(Thread.currentThread()) && SHARED.tryLock())) {
            SHARED.lock();
        }
        try {
            Holder holder = new Holder(Thread.currentThread());
            READERS.putIfAbsent(holder, holder);
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
        int holds = LOCK.getReadHoldCount();
        if (holds == 0) {
            throw new IllegalMonitorStateException("the exec lock is not held shared by thread \""
                    + Thread.currentThread().getName() + "\"");
        }
        if (holds == 1) {
            READERS.remove(new Holder(Thread.currentThread()));
        }
        SHARED.unlock();
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
                    "thread \"" + Thread.currentThread().getName()
                            + "\" holds the exec lock shared (it is creating a thread or a process) and cannot take it exclusively");
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
            throw new IllegalMonitorStateException("the exec lock is not held exclusively by thread \""
                    + Thread.currentThread().getName() + "\"");
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
        for (Holder reader : READERS.keySet()) {
            if (reader.thread != exclusive) {
                names.add(reader.thread.getName());
            }
        }
        return names;
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

    /**
     * A carrier, or a virtual thread pinned to one, must not wait behind a writer that only waits itself: that writer may be a
     * virtual thread which needs this very carrier, or the timer thread that this one is creating, to wake up. These threads
     * wait only while a writer really holds the lock. By name, because Java 8 does not know the types.
     */
    private static boolean servesVirtualThreads(Thread thread) {
        String type = thread.getClass().getName();
        return type.equals("jdk.internal.misc.CarrierThread") || type.equals("java.lang.VirtualThread");
    }

    /** By identity: a subclass of Thread may have its own idea of equals and hashCode, and is foreign code. */
    private static final class Holder {

        private final Thread thread;

        Holder(Thread thread) {
            this.thread = thread;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Holder && ((Holder) other).thread == thread;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(thread);
        }
    }
}

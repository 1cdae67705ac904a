package dev.psx.spi;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;

/**
 * Many readers or one writer; who holds it is the caller's business. Unlike ReentrantReadWriteLock it allocates nothing once it
 * has been taken, so an OutOfMemoryError cannot leave it taken by nobody.
 */
final class ExecLockGate {

    /**
     * How long somebody first keeps his place in the queue. Others normally leave within microseconds, so that is plenty for
     * those before him. It must end, because one before him can be a virtual thread that needs the very thread which this reader
     * is creating (a carrier, the timer of its own wait); and because one hung reader must not stop all others. Each time in vain
     * it is doubled, or those who wait briefly would always lose against a thread that broadcasts without a break.
     */
    private static final long FIRST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Sync sync = new Sync();

    /** Waits while a writer is inside. Not interruptible, the interrupt is kept. */
    void enterShared() {
        long wait = FIRST_WAIT_NANOS;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (sync.tryAcquireSharedNanos(Sync.BEHIND_OTHERS, wait)
                            || sync.tryAcquireShared(Sync.BEFORE_OTHERS) >= 0) {
                        return;
                    }
                    wait *= 2;
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

    void exitShared() {
        sync.releaseShared(1);
    }

    /**
     * Waits at most this long for all others to leave; time in which the process stood still does not count. Not interruptible, the
     * interrupt is kept.
     */
    boolean tryEnterExclusive(long nanos) {
        Patience patience = new Patience(nanos);
        long wait = FIRST_WAIT_NANOS;
        boolean interrupted = false;
        try {
            while (true) {
                long asked = patience.atMost(wait);
                long begin = System.nanoTime();
                try {
                    if (sync.tryAcquireNanos(Sync.BEHIND_OTHERS, asked) || sync.tryAcquire(Sync.BEFORE_OTHERS)) {
                        return true;
                    }
                    patience.waited(asked, System.nanoTime() - begin);
                    if (patience.over()) {
                        return false;
                    }
                    wait *= 2;
                } catch (InterruptedException e) {
                    patience.waited(asked, System.nanoTime() - begin);
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** @param stay whether the writer becomes a reader instead of leaving */
    void exitExclusive(boolean stay) {
        sync.release(stay ? 1 : 0);
    }

    /** The state is the number of readers, or WRITER. */
    private static final class Sync extends AbstractQueuedSynchronizer {

        static final int BEFORE_OTHERS = 0;
        static final int BEHIND_OTHERS = 1;

        private static final int WRITER = -1;
        private static final long serialVersionUID = 1;

        /** A thread that comes back at once must not pass those who wait: it would have the lock before they have woken. */
        @Override
        protected int tryAcquireShared(int order) {
            while (true) {
                int readers = getState();
                if (readers == WRITER || order == BEHIND_OTHERS && hasQueuedPredecessors()) {
                    return -1;
                }
                if (compareAndSetState(readers, readers + 1)) {
                    return 1;
                }
            }
        }

        @Override
        protected boolean tryReleaseShared(int one) {
            while (true) {
                int readers = getState();
                if (compareAndSetState(readers, readers - one)) {
                    return readers == one;
                }
            }
        }

        @Override
        protected boolean tryAcquire(int order) {
            return !(order == BEHIND_OTHERS && hasQueuedPredecessors()) && compareAndSetState(0, WRITER);
        }

        @Override
        protected boolean tryRelease(int readers) {
            setState(readers);
            return true;
        }
    }
}

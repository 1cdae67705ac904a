package dev.psx.agent.trigger;

import java.util.concurrent.TimeUnit;

/**
 * A daemon thread that lives until the drop has happened. It looks for what no hook sees (sockets of native servers), ends the
 * wait at the deadline, and says once a minute that the process is still privileged.
 */
public final class Watcher {

    private static final long POLL_MILLIS = 250;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS);
    private static final long WARNING_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** So that adding it to a point in time cannot overflow. */
    private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

    /** Looking at a hundred thousand descriptors takes its time: at most this part of a processor. */
    private static final int SHARE = 20;

    /** What is watched. Called by the watcher's thread only; what a method throws becomes part of the next warning. */
    public interface Subject {

        /** Whether the drop has happened: the watcher ends. */
        boolean dropped();

        /** Looks whether it is time to drop, and if so drops. */
        void poll();

        /** The deadline has passed, and the drop has not happened. Called once; the watch goes on if it returns. */
        void deadlinePassed();

        /** It is time for a warning, also about this problem of watching (null if there is none). */
        void stillPrivileged(Throwable problem);
    }

    private final Subject subject;
    private final long pollNanos;
    private final long warningNanos;
    private final Thread thread;
    private boolean stopped;
    private boolean watching;
    private long looks;
    private Throwable problem;

    private long deadline;
    private boolean deadlineAhead;
    private long nextWarning;

    /** @param deadlineMillis when to call {@link Subject#deadlinePassed}, from {@link #start} on; 0 for never */
    public Watcher(Subject subject, long deadlineMillis) {
        this(subject, TimeUnit.MILLISECONDS.toNanos(deadlineMillis), POLL_NANOS, WARNING_NANOS);
    }

    Watcher(Subject subject, long deadlineNanos, long pollNanos, long warningNanos) {
        this.subject = subject;
        this.deadlineAhead = deadlineNanos > 0;
        this.deadline = Math.min(deadlineNanos, LONGEST_NANOS);
        this.pollNanos = pollNanos;
        this.warningNanos = warningNanos;
        // Not in the application's thread group, which it may interrupt as a whole.
        thread = new Thread(
                rootGroup(),
                new Runnable() {
                    @Override
                    public void run() {
                        watch();
                    }
                },
                "psx-agent watcher");
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
    }

    /** Begins to watch; the deadline counts from here. */
    public void start() {
        long now = System.nanoTime();
        deadline += now;
        nextWarning = now + warningNanos;
        watching = true;
        thread.start();
    }

    /**
     * Waits until the watcher has looked once more, beginning from now, or watches no longer. For a thread that cannot do so itself;
     * not interruptible, the interrupt is kept.
     */
    public void awaitLook() {
        if (Thread.currentThread() != thread && awaitLooks()) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether it was interrupted. */
    private synchronized boolean awaitLooks() {
        boolean interrupted = false;
        long wanted = looks + 2; // one may be under way
        while (watching && looks < wanted) {
            notifyAll();
            try {
                wait(POLL_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }

    /** Ends it at once. Without this it ends by itself soon after the drop. */
    public synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    /** The thread, for those who want to wait for its end. */
    Thread thread() {
        return thread;
    }

    private void watch() {
        try {
            watchUntilOver();
        } finally {
            looked(false);
        }
    }

    private synchronized void looked(boolean more) {
        looks++;
        watching = more;
        notifyAll();
    }

    private void watchUntilOver() {
        while (!over()) {
            long begin = System.nanoTime();
            look(begin);
            looked(true);
            long now = System.nanoTime();
            if (!over()) {
                pause(Math.max(pollNanos, SHARE * (now - begin)), now);
            }
        }
    }

    private void look(long now) {
        problem = null;
        poll();
        if (deadlineAhead && now - deadline >= 0 && !over()) {
            deadlineAhead = false;
            expire();
        }
        if (now - nextWarning >= 0 && !over()) {
            nextWarning = now + warningNanos;
            warn();
        }
    }

    private void poll() {
        try {
            subject.poll();
        } catch (Throwable e) {
            problem = e;
        }
    }

    private void expire() {
        try {
            subject.deadlinePassed();
        } catch (Throwable e) {
            problem = e;
        }
    }

    private void warn() {
        try {
            subject.stillPrivileged(problem);
        } catch (Throwable e) {
            return; // there is nobody left to tell
        }
    }

    private boolean over() {
        synchronized (this) {
            if (stopped) {
                return true;
            }
        }
        return subject.dropped();
    }

    private synchronized void pause(long longest, long now) {
        long nanos = Math.min(longest, nextWarning - now);
        if (deadlineAhead) {
            nanos = Math.min(nanos, deadline - now);
        }
        if (!stopped && nanos > 0) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(nanos, TimeUnit.MILLISECONDS.toNanos(1)));
            } catch (InterruptedException e) {
                return; // not by us; the next round decides
            }
        }
    }

    private static ThreadGroup rootGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }
}

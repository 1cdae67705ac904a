package dev.psx.process;

import dev.psx.spi.Errno;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A child until it is reaped: who signals it excludes who reaps it, so neither its pidfd nor its process id can belong to something else
 * by then.
 */
final class RunningChild {

    private static final long BRIEFLY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long UNINTERRUPTED_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    private final Kernel kernel;
    private final int pid;
    private final int pidfd;
    private final CompletableFuture<ExitStatus> ended = new CompletableFuture<>();
    private ChildStreams streams;
    private boolean reaped;
    private ExitStatus status = ExitStatus.UNKNOWN;

    /** Null where there is none, or it does not watch this child. */
    private volatile Watch watch;

    /** @param pidfd -1 where the kernel has none */
    RunningChild(Kernel kernel, int pid, int pidfd) {
        this.kernel = kernel;
        this.pid = pid;
        this.pidfd = pidfd;
    }

    int pid() {
        return pid;
    }

    CompletableFuture<ExitStatus> ended() {
        return ended;
    }

    /** From now on somebody waits for the child's end. */
    void watch(ChildStreams its) {
        streams = its;
        letWatch(pidfd < 0 ? null : ExitLoop.get(kernel));
    }

    private void letWatch(ExitLoop loop) {
        long id = loop == null ? 0 : loop.watch(pidfd, ExitLoop.EPOLLIN, this::end);
        watch = id == 0 ? null : new Watch(loop, id);
        if (id == 0) {
            Threads.start("psx child " + pid, this::waitAlone);
        }
    }

    /**
     * Waits a moment for the end in the calling thread, which many children are worth: it is woken up at once, instead of the loop first. A
     * thread in the kernel cannot see that it is interrupted, and a virtual one keeps its carrier: hence no more than a moment.
     *
     * @param nanos no longer than this
     */
    void waitBriefly(long nanos) {
        Watch withdrawn = watch;
        if (nanos <= 0 || withdrawn == null || Threads.isVirtual() || !withdrawn.loop.withdraw(withdrawn.id)) {
            return;
        }
        boolean over = false;
        try {
            over = endsWithin(Math.min(nanos, BRIEFLY_NANOS)) && end();
        } finally {
            if (!over && !ended.isDone()) {
                giveBack(withdrawn.loop);
            }
        }
    }

    /** If nobody else can watch it, this thread waits, however long that takes. */
    private void giveBack(ExitLoop loop) {
        boolean watched = false;
        try {
            letWatch(loop);
            watched = true;
        } finally {
            if (!watched) {
                waitAlone();
            }
        }
    }

    private boolean endsWithin(long nanos) {
        long start = System.nanoTime();
        boolean over = false;
        for (long left = nanos; left > 0 && !over; left = nanos - (System.nanoTime() - start)) {
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
            over = kernel.hasEventWithin(pidfd, Kernel.POLLIN, Math.min(left, UNINTERRUPTED_NANOS));
        }
        return over;
    }

    /** Without pidfds each child needs a thread, as ProcessBuilder's do. */
    private void waitAlone() {
        Threads.untilDone(() -> {
            Waiting.of(kernel, Waiting.P_PID, pid, Waiting.PEEK);
            return end();
        });
    }

    /** Returns false if it has not ended, or if a tracer that is not we has not yet seen that it has. */
    private boolean end() {
        if (!reap()) {
            return false;
        }
        try {
            streams.childEnded();
        } finally {
            ended.complete(status);
        }
        return true;
    }

    private synchronized boolean reap() {
        if (!reaped) {
            Waiting reaping = Waiting.of(kernel, Waiting.P_PIDFD, pidfd, Waiting.NOW);
            if (reaping.isOfNoPidFd()) { // there are none, or somebody has closed ours: its number may be anything
                reaping = Waiting.of(kernel, Waiting.P_PID, pid, Waiting.NOW);
            }
            if (reaping.isTooEarly()) {
                return false;
            }
            status = reaping.status().orElse(ExitStatus.UNKNOWN);
            reaped = true;
            kernel.close(pidfd);
        }
        return true;
    }

    /** Nobody can watch it, so nobody shall have it. */
    void abandon(ChildStreams its) {
        streams = its;
        signal(Signal.KILL.number());
        waitAlone();
    }

    Handle handle() {
        return ChildsHandle.of(kernel, this);
    }

    /** Sends a signal; -ESRCH if there is nobody any more. */
    synchronized long signal(int number) {
        if (reaped) {
            return -Errno.ESRCH;
        }
        return pidfd < 0 ? kernel.call("kill", pid, number) : kernel.call("pidfd_send_signal", pidfd, number, 0, 0);
    }

    /** Returns a duplicate of the pidfd; -ESRCH if the child is reaped, -ENOSYS if there are no pidfds. */
    synchronized long duplicate() {
        return reaped ? -Errno.ESRCH : pidfd < 0 ? -Errno.ENOSYS : kernel.duplicate(pidfd);
    }

    /** Does something while the process id is certainly the child's; null if the child is reaped. */
    synchronized <T> T whileUnreaped(Supplier<T> action) {
        return reaped ? null : action.get();
    }

    /** That the loop waits for this child. */
    private static final class Watch {

        final ExitLoop loop;
        final long id;

        Watch(ExitLoop loop, long id) {
            this.loop = loop;
            this.id = id;
        }
    }
}

package dev.psx.process;

import dev.psx.spi.Errno;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A child until it is reaped: who signals it excludes who reaps it, so neither its pidfd nor its process id can belong to something else
 * by then.
 */
final class RunningChild {

    private final Kernel kernel;
    private final int pid;
    private final int pidfd;
    private final CompletableFuture<ExitStatus> ended = new CompletableFuture<>();
    private ChildStreams streams;
    private boolean reaped;

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
        ExitLoop loop = pidfd < 0 ? null : ExitLoop.get(kernel);
        if (loop == null || loop.watch(pidfd, ExitLoop.EPOLLIN, () -> end(true)) == 0) {
            Threads.start("psx child " + pid, this::waitAlone);
        }
    }

    /** Without pidfds each child needs a thread, as ProcessBuilder's do. */
    private void waitAlone() {
        Waiting.of(kernel, Waiting.P_PID, pid, Waiting.PEEK);
        end(false);
    }

    private void end(boolean byDescriptor) {
        ExitStatus status;
        synchronized (this) {
            Waiting reaping = byDescriptor
                    ? Waiting.of(kernel, Waiting.P_PIDFD, pidfd, Waiting.NOW)
                    : Waiting.of(kernel, Waiting.P_PID, pid, Waiting.NOW);
            status = reaping.status().orElse(ExitStatus.UNKNOWN);
            reaped = true;
            kernel.close(pidfd);
        }
        streams.childEnded();
        ended.complete(status);
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
}

package dev.psx.process;

import dev.psx.spi.Errno;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A child until it is reaped: who signals it excludes who reaps it, so neither its pidfd nor its process id can belong to something else
 * by then.
 */
final class RunningChild {

    private static final int P_PID = 1;
    private static final int P_PIDFD = 3;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x0100_0000;
    private static final int WALL = 0x4000_0000;
    private static final int SIGINFO = 128;

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
        if (loop == null || loop.watch(pidfd, ExitLoop.EPOLLIN, () -> readable(loop)) == 0) {
            Threads.start("psx child " + pid, this::waitAlone);
        }
    }

    private void readable(ExitLoop loop) {
        loop.unwatch(pidfd);
        end(true);
    }

    /** Without pidfds each child needs a thread, as ProcessBuilder's do. */
    private void waitAlone() {
        waitid(P_PID, pid, WEXITED | WNOWAIT | WALL);
        end(false);
    }

    private void end(boolean byDescriptor) {
        ExitStatus status;
        synchronized (this) {
            OwnCall reaping = byDescriptor ? waitid(P_PIDFD, pidfd, WEXITED | WNOHANG | WALL) : null;
            if (reaping == null || reaping.result == -Errno.EINVAL) { // pidfds came before waitid took them
                reaping = waitid(P_PID, pid, WEXITED | WNOHANG | WALL);
            }
            status = Errno.isError(reaping.result)
                    ? ExitStatus.UNKNOWN
                    : ExitStatus.of(Kernel.words(reaping.blob(0)), Kernel.words(reaping.blob(1)));
            reaped = true;
            kernel.close(pidfd);
        }
        streams.childEnded();
        ended.complete(status);
    }

    private OwnCall waitid(int type, int id, int options) {
        return kernel.call(new Program()
                .addShown("waitid", "waitid", type, id, new byte[SIGINFO], options, new byte[ResourceUsage.SIZE]));
    }

    /** Sends a signal; -ESRCH if there is nobody any more. */
    synchronized long signal(int number) {
        if (reaped) {
            return -Errno.ESRCH;
        }
        long result = pidfd < 0 ? -Errno.ENOSYS : kernel.call("pidfd_send_signal", pidfd, number, 0, 0);
        return result == -Errno.ENOSYS ? kernel.call("kill", pid, number) : result;
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

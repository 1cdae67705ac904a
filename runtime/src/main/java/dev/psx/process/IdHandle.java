package dev.psx.process;

import dev.psx.ErrnoException;
import dev.psx.spi.Errno;
import dev.psx.spi.Program;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process held by its id and its start time, where the kernel has no pidfds. */
final class IdHandle extends Handle {

    private static final long FIRST_NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Kernel kernel;
    private final String startTime;
    private CompletableFuture<Optional<ExitStatus>> ended;
    private volatile boolean closed;

    private IdHandle(Kernel kernel, int pid, String startTime) {
        super(pid);
        this.kernel = kernel;
        this.startTime = startTime;
    }

    static Handle find(Kernel kernel, int pid) {
        ProcessStat stat = ProcessStat.of(kernel, pid);
        if (stat == null) {
            return new GoneHandle(pid);
        }
        if (ProcessStat.isThread(kernel, pid)) {
            throw PidFd.failed("pidfd_open", Errno.EINVAL, pid);
        }
        return new IdHandle(kernel, pid, stat.startTime());
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the handle of process " + pid + " is closed");
        }
    }

    private boolean exists() {
        ProcessStat stat = ProcessStat.of(kernel, pid);
        return stat != null && stat.startTime().equals(startTime);
    }

    private boolean runs() {
        ProcessStat stat = ProcessStat.of(kernel, pid);
        return stat != null && stat.startTime().equals(startTime) && !stat.hasEnded();
    }

    @Override
    boolean isAlive() {
        requireOpen();
        return runs();
    }

    @Override
    long signal(int number, Integer value) {
        requireOpen();
        if (!exists()) {
            return -Errno.ESRCH;
        }
        return value == null
                ? kernel.call("kill", pid, number)
                : kernel.call(new Program()
                                .addShown(
                                        "rt_sigqueueinfo",
                                        "rt_sigqueueinfo",
                                        pid,
                                        number,
                                        PidFdHandle.information(kernel, number, value)))
                        .result;
    }

    @Override
    synchronized CompletableFuture<Optional<ExitStatus>> ended() {
        requireOpen();
        if (ended == null) {
            CompletableFuture<Optional<ExitStatus>> future = new CompletableFuture<>();
            Threads.start("psx process " + pid, () -> {
                awaitEnd();
                future.complete(Waiting.of(kernel, Waiting.P_PID, pid, Waiting.NOW | Waiting.PEEK)
                        .status());
            });
            ended = future;
        }
        return ended;
    }

    /** Nothing tells when a process ends that is no child. */
    private void awaitEnd() {
        long nap = FIRST_NAP_NANOS;
        while (mayRun()) {
            LockSupport.parkNanos(nap);
            nap = Math.min(2 * nap, LONGEST_NAP_NANOS);
        }
    }

    private boolean mayRun() {
        try {
            return runs();
        } catch (ErrnoException e) { // there are too many descriptors now, perhaps not for long
            return true;
        }
    }

    @Override
    Optional<ExitStatus> reap() {
        requireOpen();
        Waiting waiting = Waiting.of(kernel, Waiting.P_PID, pid, Waiting.NOW);
        if (waiting.result() < 0) {
            throw PidFd.failed("waitid", (int) -waiting.result(), pid);
        }
        return waiting.status();
    }

    @Override
    int getFd(int number) {
        requireOpen();
        throw PidFd.failed("pidfd_getfd", Errno.ENOSYS, pid);
    }

    @Override
    void close() {
        closed = true;
    }
}

package dev.psx.process;

import dev.psx.spi.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/** A process held by a pidfd. */
final class PidFdHandle extends Handle {

    // siginfo_t
    private static final int SIZE = 128;
    private static final int CODE = 8;
    private static final int PID = 16;
    private static final int UID = 20;
    private static final int VALUE = 24;
    private static final int SI_QUEUE = -1;

    private final Kernel kernel;
    private final int number;
    private final Descriptor descriptor;
    private CompletableFuture<Optional<ExitStatus>> ended;

    PidFdHandle(Kernel kernel, int pid, int number) {
        super(pid);
        this.kernel = kernel;
        this.number = number;
        this.descriptor = new Descriptor(kernel, number);
    }

    /** @throws IllegalStateException if the handle is closed */
    private <T> T with(IntFunction<T> action) {
        int open = descriptor.enter();
        if (open < 0) {
            throw new IllegalStateException("the handle of process " + pid + " is closed");
        }
        try {
            return action.apply(open);
        } finally {
            descriptor.leave();
        }
    }

    @Override
    int descriptor() {
        return descriptor.isClosed() ? -1 : number;
    }

    @Override
    boolean isAlive() {
        return with(open -> kernel.poll(open, Kernel.POLLIN) == 0);
    }

    @Override
    long signal(int signal, Integer value) {
        return with(open -> value == null
                ? kernel.call("pidfd_send_signal", open, signal, 0, 0)
                : kernel.call(new Program()
                                .addShown(
                                        "pidfd_send_signal",
                                        "pidfd_send_signal",
                                        open,
                                        signal,
                                        information(kernel, signal, value),
                                        0))
                        .result);
    }

    /** siginfo_t of a queued signal. */
    static byte[] information(Kernel kernel, int signal, int value) {
        return ByteBuffer.allocate(SIZE)
                .order(ByteOrder.nativeOrder())
                .putInt(0, signal)
                .putInt(CODE, SI_QUEUE)
                .putInt(PID, (int) kernel.call("getpid"))
                .putInt(UID, (int) kernel.call("getuid"))
                .putInt(VALUE, value)
                .array();
    }

    @Override
    synchronized CompletableFuture<Optional<ExitStatus>> ended() {
        if (ended == null) {
            ended = with(this::watch);
        }
        return ended;
    }

    /** A duplicate, so that closing the handle does not end the wait. */
    private CompletableFuture<Optional<ExitStatus>> watch(int open) {
        CompletableFuture<Optional<ExitStatus>> future = new CompletableFuture<>();
        long duplicate = kernel.duplicate(open);
        if (duplicate < 0) {
            throw PidFd.failed("fcntl", (int) -duplicate, pid);
        }
        int watched = (int) duplicate;
        ExitLoop loop = ExitLoop.get(kernel);
        if (loop == null || loop.watch(watched, ExitLoop.EPOLLIN, () -> finish(future, watched)) == 0) {
            Threads.start(
                    "psx process " + pid,
                    () -> Threads.untilDone(() -> {
                        kernel.awaitEvent(watched, Kernel.POLLIN);
                        return finish(future, watched);
                    }));
        }
        return future;
    }

    /** Returns false if it is a child and has ended, but a tracer has not yet seen that. */
    private boolean finish(CompletableFuture<Optional<ExitStatus>> future, int watched) {
        Waiting waiting = Waiting.of(kernel, Waiting.P_PIDFD, watched, Waiting.NOW | Waiting.PEEK);
        if (waiting.isTooEarly()) {
            return false;
        }
        future.complete(waiting.status());
        kernel.close(watched);
        return true;
    }

    @Override
    Optional<ExitStatus> reap() {
        return with(open -> {
            Waiting waiting = Waiting.of(kernel, Waiting.P_PIDFD, open, Waiting.NOW);
            if (waiting.result() < 0) {
                throw PidFd.failed("waitid", (int) -waiting.result(), pid);
            }
            return waiting.status();
        });
    }

    @Override
    int getFd(int other) {
        return with(open -> {
            long result = kernel.call("pidfd_getfd", open, other, 0);
            if (result < 0) {
                throw PidFd.failed("pidfd_getfd", (int) -result, pid);
            }
            return (int) result;
        });
    }

    @Override
    void close() {
        descriptor.close();
    }
}

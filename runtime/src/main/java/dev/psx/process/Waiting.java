package dev.psx.process;

import dev.psx.spi.Errno;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.util.Optional;

/** waitid(2). */
final class Waiting {

    static final int P_PID = 1;
    static final int P_PIDFD = 3;

    /** Does not wait. */
    static final int NOW = 1;

    /** Leaves the child to be waited for again. */
    static final int PEEK = 0x0100_0000;

    private static final int EBADF = 9;
    private static final int EINVAL = 22;

    private static final int WEXITED = 4;
    private static final int WALL = 0x4000_0000;
    private static final int SIGINFO = 128;

    private final OwnCall call;

    private Waiting(OwnCall call) {
        this.call = call;
    }

    /** @param how {@link #NOW} and {@link #PEEK}, or 0 */
    static Waiting of(Kernel kernel, int type, int id, int how) {
        return new Waiting(kernel.call(new Program()
                .addShown(
                        "waitid",
                        "waitid",
                        type,
                        id,
                        new byte[SIGINFO],
                        how | WEXITED | WALL,
                        new byte[ResourceUsage.SIZE])));
    }

    /** 0 or -errno. */
    long result() {
        return call.result;
    }

    /** Whether it is a child, but there is no status to be had yet. */
    boolean isTooEarly() {
        return call.result == 0 && Kernel.words(call.blob(0)).getInt(0) == 0;
    }

    /** Whether it was asked by a descriptor that is no pidfd. */
    boolean isOfNoPidFd() {
        return call.result == -EBADF || call.result == -EINVAL;
    }

    /** Returns how a child ended; empty if it is none, or has not ended. */
    Optional<ExitStatus> status() {
        boolean some = !Errno.isError(call.result) && Kernel.words(call.blob(0)).getInt(0) != 0;
        return some
                ? Optional.of(ExitStatus.of(Kernel.words(call.blob(0)), Kernel.words(call.blob(1))))
                : Optional.empty();
    }
}

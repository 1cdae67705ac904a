package dev.psx.process;

import dev.psx.spi.Errno;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A process that was gone when it was looked for. */
final class GoneHandle extends Handle {

    GoneHandle(int pid) {
        super(pid);
    }

    @Override
    boolean isAlive() {
        return false;
    }

    @Override
    long signal(int number, Integer value) {
        return -Errno.ESRCH;
    }

    @Override
    CompletableFuture<Optional<ExitStatus>> ended() {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    @Override
    Optional<ExitStatus> reap() {
        throw PidFd.failed("waitid", Errno.ECHILD, pid);
    }

    @Override
    int getFd(int number) {
        throw PidFd.failed("pidfd_getfd", Errno.ESRCH, pid);
    }
}

package dev.psx.process;

import dev.psx.spi.Errno;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A launched child: its status is known, and it is not reaped by others. */
final class ChildsHandle extends Handle {

    private final RunningChild child;
    private final Handle held;

    private ChildsHandle(RunningChild child, Handle held) {
        super(child.pid());
        this.child = child;
        this.held = held;
    }

    static Handle of(Kernel kernel, RunningChild child) {
        long duplicate = child.duplicate();
        if (duplicate >= 0) {
            return new ChildsHandle(child, new PidFdHandle(kernel, child.pid(), (int) duplicate));
        }
        if (duplicate != -Errno.ESRCH && duplicate != -Errno.ENOSYS) {
            throw PidFd.failed("fcntl", (int) -duplicate, child.pid());
        }
        Handle byId = child.whileUnreaped(() -> IdHandle.find(kernel, child.pid()));
        return new ChildsHandle(child, byId == null ? new GoneHandle(child.pid()) : byId);
    }

    @Override
    int descriptor() {
        return held.descriptor();
    }

    @Override
    boolean isAlive() {
        return held.isAlive();
    }

    @Override
    long signal(int number, Integer value) {
        return held.signal(number, value);
    }

    @Override
    CompletableFuture<Optional<ExitStatus>> ended() {
        held.isAlive(); // refuses if it is closed
        return child.ended().thenApply(Optional::of);
    }

    @Override
    Optional<ExitStatus> reap() {
        throw PidFd.failed("waitid", Errno.ECHILD, pid);
    }

    @Override
    int getFd(int number) {
        return held.getFd(number);
    }

    @Override
    void close() {
        held.close();
    }
}

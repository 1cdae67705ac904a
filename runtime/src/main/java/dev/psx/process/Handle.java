package dev.psx.process;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** How a process is held: by a pidfd, by its id, or not at all because it is gone. */
abstract class Handle {

    final int pid;

    Handle(int pid) {
        this.pid = pid;
    }

    /** Returns -1 if there is none. */
    int descriptor() {
        return -1;
    }

    abstract boolean isAlive();

    /**
     * Sends a signal; -errno if that failed.
     *
     * @param value what is sent along, or null
     */
    abstract long signal(int number, Integer value);

    abstract CompletableFuture<Optional<ExitStatus>> ended();

    abstract Optional<ExitStatus> reap();

    abstract int getFd(int number);

    void close() {}
}

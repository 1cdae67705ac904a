package dev.psx.process;

import java.util.concurrent.CompletableFuture;

/**
 * What keeps virtual threads out of the kernel: one that waits there has its carrier wait too, and all carriers may come to wait for what
 * another virtual thread would do.
 */
final class Carrier {

    /** So much a pipe that takes anything takes at once. */
    static final int PIPE_BUF = 4096;

    private Carrier() {}

    /**
     * Waits for one of these events of a descriptor if this is a virtual thread; otherwise the call itself may wait.
     *
     * @return whether it is a virtual thread
     */
    static boolean free(Kernel kernel, int descriptor, int events) {
        if (!Threads.isVirtual()) {
            return false;
        }
        if (kernel.poll(descriptor, events) == 0) {
            await(kernel, descriptor, events);
        }
        return true;
    }

    /** By a duplicate, which is apart from the descriptor's other watch: for those who hold the pipe when the child has ended. */
    private static void await(Kernel kernel, int descriptor, int events) {
        int duplicate = (int) kernel.duplicate(descriptor);
        try {
            CompletableFuture<Boolean> ready = new CompletableFuture<>();
            ExitLoop loop = duplicate < 0 ? null : ExitLoop.get(kernel);
            long watch = loop == null
                    ? 0
                    : loop.watch(duplicate, events, () -> {
                        ready.complete(true);
                        return true;
                    });
            if (watch != 0) {
                ready.join();
            }
        } finally {
            kernel.close(duplicate);
        }
    }
}

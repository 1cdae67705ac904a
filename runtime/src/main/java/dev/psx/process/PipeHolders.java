package dev.psx.process;

/** Waits, without a thread, for the processes that hold a pipe although the child has ended. */
final class PipeHolders {

    private final Kernel kernel;
    private ExitLoop loop;
    private long watch;
    private boolean forgotten;

    PipeHolders(Kernel kernel) {
        this.kernel = kernel;
    }

    /** @param then what to do when nobody else has the other end any more */
    synchronized void await(int descriptor, Runnable then) {
        loop = ExitLoop.get(kernel);
        if (loop != null && !forgotten) {
            watch = loop.watch(descriptor, 0, () -> {
                then.run();
                return true;
            });
        }
    }

    /** The descriptor is being closed. */
    synchronized void forget() {
        forgotten = true;
        if (watch != 0) {
            loop.forget(watch);
        }
    }
}

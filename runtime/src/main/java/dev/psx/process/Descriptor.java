package dev.psx.process;

/**
 * A descriptor that is in use by any number of threads and closed when the last of them has left: its number cannot become another
 * file's while somebody is about to use it.
 */
final class Descriptor {

    private final Kernel kernel;
    private final int number;
    private int users;
    private boolean closed;

    Descriptor(Kernel kernel, int number) {
        this.kernel = kernel;
        this.number = number;
    }

    /** Returns the number, or -1 if it is closed. Who has got it calls {@link #leave}. */
    synchronized int enter() {
        if (closed) {
            return -1;
        }
        users++;
        return number;
    }

    synchronized void leave() {
        users--;
        closeIfUnused();
    }

    /** Lets nobody in any more. */
    synchronized void close() {
        if (!closed) {
            closed = true;
            closeIfUnused();
        }
    }

    synchronized boolean isClosed() {
        return closed;
    }

    private void closeIfUnused() {
        if (closed && users == 0) {
            kernel.close(number);
        }
    }
}

package dev.psx.process;

import dev.psx.spi.Errno;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a child writes. When the child has ended, what is left in the pipe is read and the descriptor closed: nobody needs to close the
 * stream. If others hold the pipe then (children of the child), it stays until they have let it go.
 */
final class PipeInput extends InputStream {

    private static final int CHUNK = 1 << 16;

    /** The largest pipe: who writes faster than this is read is not waited for. */
    private static final int LARGEST_REST = 1 << 20;

    private static final long FIONREAD = 0x541B;

    private final Kernel kernel;
    private final Descriptor descriptor;
    private final PipeHolders others;
    private final ReentrantLock lock = new ReentrantLock();

    private byte[] rest = {};
    private int at;
    private volatile boolean draining;
    private volatile boolean closed;

    PipeInput(Kernel kernel, int number) {
        this.kernel = kernel;
        this.descriptor = new Descriptor(kernel, number);
        this.others = new PipeHolders(kernel);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
        if (from < 0 || length < 0 || length > to.length - from) {
            throw new IndexOutOfBoundsException();
        }
        lock.lock();
        try {
            return length == 0 ? 0 : readSome(to, from, length);
        } finally {
            lock.unlock();
            drain();
        }
    }

    private int readSome(byte[] to, int from, int length) throws IOException {
        if (closed) {
            throw new IOException("Stream closed");
        }
        int left = Math.min(length, rest.length - at);
        if (left > 0) {
            System.arraycopy(rest, at, to, from, left);
            at += left;
            return left;
        }
        int open = descriptor.enter();
        if (open < 0) {
            return -1;
        }
        int count;
        try {
            Carrier.free(kernel, open, Kernel.POLLIN);
            count = kernel.read(open, to, from, Math.min(length, CHUNK));
        } finally {
            descriptor.leave();
        }
        if (count <= 0) {
            descriptor.close();
        }
        if (count < 0) {
            throw new IOException(Errno.describe(-count));
        }
        return count == 0 ? -1 : count;
    }

    @Override
    public int available() throws IOException {
        if (closed) {
            throw new IOException("Stream closed");
        }
        int open = descriptor.enter();
        try {
            int inPipe = open < 0 ? 0 : inPipe(open);
            return lock.tryLock() ? unlocked(rest.length - at) + inPipe : inPipe;
        } finally {
            if (open >= 0) {
                descriptor.leave();
            }
        }
    }

    private int unlocked(int value) {
        lock.unlock();
        drain();
        return value;
    }

    private int inPipe(int open) {
        OwnCall call = kernel.call(new Program().addShown("ioctl", "ioctl", open, FIONREAD, new byte[Integer.BYTES]));
        return call.result < 0 ? 0 : Kernel.words(call.blob(0)).getInt(0);
    }

    @Override
    public void close() {
        closed = true;
        descriptor.close();
        others.forget();
    }

    /** Never waits: a thread that is reading drains the pipe itself when it has read. */
    void childEnded() {
        draining = true;
        drain();
    }

    /** Whoever has been asked meanwhile, and could not have the lock, counts on who has it. */
    private void drain() {
        while (draining && lock.tryLock()) {
            try {
                draining = false;
                int open = descriptor.enter();
                if (open >= 0) {
                    try {
                        drainOrWait(open);
                    } finally {
                        descriptor.leave();
                    }
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void drainOrWait(int open) {
        if (drainFrom(open)) {
            descriptor.close();
        } else {
            others.await(open, this::childEnded);
        }
    }

    private boolean drainFrom(int open) {
        rest = Arrays.copyOfRange(rest, at, rest.length);
        at = 0;
        byte[] chunk = null;
        while (true) {
            int events = kernel.poll(open, Kernel.POLLIN);
            if ((events & Kernel.POLLIN) == 0) {
                return (events & (Kernel.POLLHUP | Kernel.POLLERR)) != 0;
            }
            if ((events & Kernel.POLLHUP) == 0 && rest.length >= LARGEST_REST) {
                return false;
            }
            chunk = chunk == null ? new byte[CHUNK] : chunk; // most children leave nothing
            int count = kernel.read(open, chunk, 0, chunk.length);
            if (count <= 0) {
                return true;
            }
            rest = Arrays.copyOf(rest, rest.length + count);
            System.arraycopy(chunk, 0, rest, rest.length - count, count);
        }
    }
}

package dev.psx.process;

import dev.psx.spi.Errno;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** What a child reads. Closed when the child has ended, unless others hold the pipe then. */
final class PipeOutput extends OutputStream {

    private static final int CHUNK = 1 << 16;

    private final Kernel kernel;
    private final Descriptor descriptor;
    private final PipeHolders others;

    PipeOutput(Kernel kernel, int number) {
        this.kernel = kernel;
        this.descriptor = new Descriptor(kernel, number);
        this.others = new PipeHolders(kernel);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        if (offset < 0 || length < 0 || length > from.length - offset) {
            throw new IndexOutOfBoundsException();
        }
        int open = descriptor.enter();
        if (open < 0) {
            throw new IOException("Stream closed");
        }
        try {
            int end = offset + length;
            for (int at = offset; at < end; ) {
                int chunk = Carrier.free(kernel, open, Kernel.POLLOUT) ? Carrier.PIPE_BUF : CHUNK;
                int count = kernel.write(open, Arrays.copyOfRange(from, at, Math.min(end, at + chunk)));
                if (count < 0) {
                    throw new IOException(Errno.describe(-count));
                }
                at += count;
            }
        } finally {
            descriptor.leave();
        }
    }

    @Override
    public void close() {
        descriptor.close();
        others.forget();
    }

    void childEnded() {
        int open = descriptor.enter();
        if (open >= 0) {
            try {
                if ((kernel.poll(open, 0) & Kernel.POLLERR) != 0) { // nobody reads
                    descriptor.close();
                } else {
                    others.await(open, this::childEnded);
                }
            } finally {
                descriptor.leave();
            }
        }
    }
}

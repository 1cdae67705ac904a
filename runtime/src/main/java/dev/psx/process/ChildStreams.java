package dev.psx.process;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** This process's ends of a child's pipes. */
final class ChildStreams {

    private final PipeOutput input;
    private final PipeInput output;
    private final PipeInput error;

    // Made when they are asked for: the buffers are larger than all else that a child costs here.
    private OutputStream toChild;
    private InputStream fromChild;
    private InputStream errorOfChild;

    /** @param ends descriptors; -1 where there is no pipe */
    ChildStreams(Kernel kernel, int[] ends) {
        input = ends[0] < 0 ? null : new PipeOutput(kernel, ends[0]);
        output = ends[1] < 0 ? null : new PipeInput(kernel, ends[1]);
        error = ends[2] < 0 ? null : new PipeInput(kernel, ends[2]);
    }

    private static InputStream reading(PipeInput pipe) {
        return pipe == null ? new ByteArrayInputStream(new byte[0]) : new BufferedInputStream(pipe);
    }

    synchronized OutputStream toChild() {
        if (toChild == null) {
            toChild = input == null ? new Refusing() : new BufferedOutputStream(input);
        }
        return toChild;
    }

    synchronized InputStream fromChild() {
        if (fromChild == null) {
            fromChild = reading(output);
        }
        return fromChild;
    }

    synchronized InputStream errorOfChild() {
        if (errorOfChild == null) {
            errorOfChild = reading(error);
        }
        return errorOfChild;
    }

    void childEnded() {
        if (input != null) {
            input.childEnded();
        }
        if (output != null) {
            output.childEnded();
        }
        if (error != null) {
            error.childEnded();
        }
    }

    /** There is no pipe: the standard input was redirected. */
    private static final class Refusing extends OutputStream {

        @Override
        public void write(int one) throws IOException {
            throw new IOException("Stream closed");
        }
    }
}

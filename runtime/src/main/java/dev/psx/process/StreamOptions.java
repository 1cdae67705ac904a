package dev.psx.process;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;

/** The child's descriptors. */
abstract class StreamOptions<B extends StreamOptions<B>> extends CommandOptions<B> {

    StreamOptions(LaunchSpec spec) {
        super(spec);
    }

    /**
     * Where the standard input comes from, otherwise a pipe: {@link ChildProcess#getOutputStream()}. Redirects mean what they mean to
     * {@link ProcessBuilder}.
     *
     * @param source a pipe, this process's standard input, or a file
     * @return this builder
     * @throws IllegalArgumentException if it is one for output
     */
    public B redirectInput(Redirect source) {
        spec.stdio[0] = Stdio.of(source, true);
        return self();
    }

    /**
     * Reads the standard input from a file.
     *
     * @param file the file, which is opened by this process
     * @return this builder
     */
    public B redirectInput(File file) {
        return redirectInput(Redirect.from(file));
    }

    /**
     * Makes the standard input a copy of a descriptor of this process.
     *
     * @param descriptor the descriptor; it stays open here
     * @return this builder
     */
    public B redirectInput(int descriptor) {
        spec.stdio[0] = Stdio.descriptor(descriptor);
        return self();
    }

    /**
     * Where the standard output goes to, otherwise a pipe: {@link ChildProcess#getInputStream()}.
     *
     * @param destination a pipe, this process's standard output, or a file
     * @return this builder
     * @throws IllegalArgumentException if it is one for input
     */
    public B redirectOutput(Redirect destination) {
        spec.stdio[1] = Stdio.of(destination, false);
        return self();
    }

    /**
     * Writes the standard output to a file, from its beginning.
     *
     * @param file the file, which is opened, and created if need be, by this process
     * @return this builder
     */
    public B redirectOutput(File file) {
        return redirectOutput(Redirect.to(file));
    }

    /**
     * Makes the standard output a copy of a descriptor of this process.
     *
     * @param descriptor the descriptor; it stays open here
     * @return this builder
     */
    public B redirectOutput(int descriptor) {
        spec.stdio[1] = Stdio.descriptor(descriptor);
        return self();
    }

    /**
     * Where the standard error goes to, otherwise a pipe: {@link ChildProcess#getErrorStream()}.
     *
     * @param destination a pipe, this process's standard error, or a file
     * @return this builder
     * @throws IllegalArgumentException if it is one for input
     */
    public B redirectError(Redirect destination) {
        spec.stdio[2] = Stdio.of(destination, false);
        return self();
    }

    /**
     * Writes the standard error to a file, from its beginning.
     *
     * @param file the file, which is opened, and created if need be, by this process
     * @return this builder
     */
    public B redirectError(File file) {
        return redirectError(Redirect.to(file));
    }

    /**
     * Makes the standard error a copy of a descriptor of this process.
     *
     * @param descriptor the descriptor; it stays open here
     * @return this builder
     */
    public B redirectError(int descriptor) {
        spec.stdio[2] = Stdio.descriptor(descriptor);
        return self();
    }

    /**
     * Sends the standard error to wherever the standard output goes.
     *
     * @param merge whether to do so
     * @return this builder
     */
    public B redirectErrorStream(boolean merge) {
        spec.mergeError = merge;
        return self();
    }

    /**
     * Gives the child this process's three standard streams.
     *
     * @return this builder
     */
    public B inheritIO() {
        redirectInput(Redirect.INHERIT);
        redirectOutput(Redirect.INHERIT);
        return redirectError(Redirect.INHERIT);
    }

    /**
     * Gives the child one more descriptor (Go: ExtraFiles; Python: pass_fds). Everything that is not mentioned is closed.
     *
     * @param number the number that it shall have in the child, 3 or more
     * @param descriptor the descriptor of this process that it is a copy of; it stays open here
     * @return this builder
     * @throws IllegalArgumentException if the number is given already, or none
     */
    public B descriptor(int number, int descriptor) {
        if (number < 3) {
            throw new IllegalArgumentException("descriptor " + number
                    + " is none beside the standard streams: see redirectInput, redirectOutput and redirectError");
        }
        Integer before = spec.descriptors.putIfAbsent(number, Numbers.descriptor(descriptor));
        if (before != null) {
            throw new IllegalArgumentException("the child's descriptor " + number + " is given twice: as a copy of "
                    + before + " and of " + descriptor);
        }
        return self();
    }

    /**
     * Whether descriptors that are not mentioned are closed, see close_range(2); otherwise yes. If not, those without the close-on-exec
     * flag stay open.
     *
     * @param close whether to close them
     * @return this builder
     */
    public B closeOtherDescriptors(boolean close) {
        spec.closeOthers = close;
        return self();
    }
}

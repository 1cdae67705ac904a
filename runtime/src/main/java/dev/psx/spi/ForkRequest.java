package dev.psx.spi;

/**
 * Internal: what the JDK gives to its native {@code forkAndExec}. Blocks are strings that end with a zero byte each, in the encoding that
 * the JDK has chosen.
 */
public final class ForkRequest {

    /** The program, with its zero byte. */
    public final byte[] program;

    /** The arguments behind the program. */
    public final byte[] arguments;

    /** The variables; null for this process's own. */
    public final byte[] environment;

    /** With its zero byte; null for this process's own. */
    public final byte[] directory;

    /** Descriptors of this process for 0, 1 and 2; -1 asks for a pipe. Afterwards this process's ends, or -1. */
    public final int[] descriptors;

    /** Whether 2 shall be what 1 is. */
    public final boolean mergesError;

    public ForkRequest(
            byte[] program,
            byte[] arguments,
            byte[] environment,
            byte[] directory,
            int[] descriptors,
            boolean mergesError) {
        this.program = program;
        this.arguments = arguments;
        this.environment = environment;
        this.directory = directory;
        this.descriptors = descriptors;
        this.mergesError = mergesError;
    }
}

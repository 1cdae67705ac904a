package dev.psx.agent.bootstrap;

/**
 * The agent cannot do what it was asked to; the message is one line. Without a stack trace: it says what to do, and where in the
 * agent that was found out helps nobody who reads it.
 */
public final class AgentFailure extends RuntimeException {

    /** The options cannot be obeyed as they stand. */
    public static final int CONFIGURATION = 78;

    /** A privilege could not be changed or a task not be reached; nothing has changed. */
    public static final int NOT_CHANGED = 77;

    /** Tasks differ, or the drop did not verify. */
    public static final int DIVERGED = 70;

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    public AgentFailure(int exitCode, String message, Throwable cause) {
        super(message, cause, false, false);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }

    /** Looks like a line of the agent where the JVM prints it. */
    @Override
    public String toString() {
        return "psx-agent: " + getMessage();
    }
}

package dev.psx.agent.cli;

/** What a command cannot do for a reason outside this program; the message is the line that the user reads. */
final class CommandFailure extends Exception {

    private static final long serialVersionUID = 1;

    private final int exitCode;

    CommandFailure(String message) {
        this(ExitCode.NO_PROCESS, message);
    }

    CommandFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}

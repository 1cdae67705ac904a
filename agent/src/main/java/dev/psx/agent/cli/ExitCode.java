package dev.psx.agent.cli;

/** The exit codes of the command line; scripts rely on them. */
final class ExitCode {

    static final int CONSISTENT = 0;
    static final int DIVERGED = 1;

    static final int FEASIBLE = 0;
    static final int NOT_FEASIBLE = 1;

    static final int USAGE = 2;

    /** No such process, or not allowed to look at it. */
    static final int NO_PROCESS = 3;

    private ExitCode() {}
}

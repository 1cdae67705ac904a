package dev.psx.process;

/**
 * A child on Java 9 and newer: {@code info}, {@code children} and {@code descendants} of {@code Process} ask the handle.
 */
final class HandledChild extends ChildProcess {

    private final ProcessHandle handle;

    HandledChild(RunningChild child, ChildStreams streams) {
        super(child, streams);
        handle = new ChildHandle(this, child);
    }

    @Override
    public ProcessHandle toHandle() {
        return handle;
    }
}

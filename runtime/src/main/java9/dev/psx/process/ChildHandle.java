package dev.psx.process;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The handle of a child. What it shows of others it has from the JDK, asked while the child cannot have been reaped; signals go by
 * pidfd.
 */
final class ChildHandle implements ProcessHandle {

    private final ChildProcess process;
    private final RunningChild child;

    ChildHandle(ChildProcess process, RunningChild child) {
        this.process = process;
        this.child = child;
    }

    @Override
    public long pid() {
        return child.pid();
    }

    @Override
    public Optional<ProcessHandle> parent() {
        return ask(ProcessHandle::parent, Optional.empty());
    }

    @Override
    public Stream<ProcessHandle> children() {
        return ask(handle -> list(handle.children()), Collections.<ProcessHandle>emptyList())
                .stream();
    }

    @Override
    public Stream<ProcessHandle> descendants() {
        return ask(handle -> list(handle.descendants()), Collections.<ProcessHandle>emptyList())
                .stream();
    }

    private static List<ProcessHandle> list(Stream<ProcessHandle> handles) {
        return handles.collect(Collectors.toList());
    }

    @Override
    public Info info() {
        return ask(ProcessHandle::info, new Gone());
    }

    private <T> T ask(Function<ProcessHandle, T> question, T otherwise) {
        T answer = child.whileUnreaped(
                () -> ProcessHandle.of(child.pid()).map(question).orElse(otherwise));
        return answer == null ? otherwise : answer;
    }

    @Override
    public CompletableFuture<ProcessHandle> onExit() {
        return child.ended().thenApplyAsync(status -> this);
    }

    @Override
    public boolean supportsNormalTermination() {
        return true;
    }

    @Override
    public boolean destroy() {
        return child.signal(Signal.TERM.number()) == 0;
    }

    @Override
    public boolean destroyForcibly() {
        return child.signal(Signal.KILL.number()) == 0;
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public int compareTo(ProcessHandle other) {
        return Long.compare(pid(), other.pid());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChildHandle && child == ((ChildHandle) other).child;
    }

    @Override
    public int hashCode() {
        return Integer.hashCode(child.pid());
    }

    /** As the JDK's handles. */
    @Override
    public String toString() {
        return Long.toString(pid());
    }

    /** Nothing is known any more. */
    private static final class Gone implements Info {

        @Override
        public Optional<String> command() {
            return Optional.empty();
        }

        @Override
        public Optional<String> commandLine() {
            return Optional.empty();
        }

        @Override
        public Optional<String[]> arguments() {
            return Optional.empty();
        }

        @Override
        public Optional<Instant> startInstant() {
            return Optional.empty();
        }

        @Override
        public Optional<Duration> totalCpuDuration() {
            return Optional.empty();
        }

        @Override
        public Optional<String> user() {
            return Optional.empty();
        }
    }
}

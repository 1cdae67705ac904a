package dev.psx.process;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Children of which each reads what the one before it writes. */
final class Pipeline {

    private final Kernel kernel;
    private final List<ChildProcess> children = new ArrayList<>();

    Pipeline(Function<Object[], Object> port) {
        kernel = new Kernel(port);
    }

    /** Starts all or none: those that run already are killed if one cannot be started. */
    List<ChildProcess> start(List<Launcher> launchers) {
        check(launchers);
        int input = -1;
        try {
            for (int i = 0; i < launchers.size(); i++) {
                input = next(launchers.get(i), input, i == launchers.size() - 1);
            }
            return children;
        } catch (RuntimeException | Error e) {
            for (ChildProcess child : children) {
                child.destroyForcibly();
            }
            throw e;
        }
    }

    private static void check(List<Launcher> launchers) {
        for (int i = 0; i < launchers.size(); i++) {
            LaunchSpec spec = launchers.get(i).spec;
            if (i > 0 && spec.stdio[0] != Stdio.PIPE) {
                throw new IllegalArgumentException(
                        "only the first of a pipeline can have its input redirected, not " + spec.command);
            }
            if (i < launchers.size() - 1 && (spec.stdio[1] != Stdio.PIPE || spec.mergeError)) {
                throw new IllegalArgumentException(
                        "only the last of a pipeline can have its output redirected or its error merged, not "
                                + spec.command);
            }
        }
    }

    /**
     * Starts one.
     *
     * @param input what it reads, which is closed here then; -1 for the first one
     * @return what the next one reads; -1 for the last one
     */
    private int next(Launcher launcher, int input, boolean last) {
        int[] pipe = {-1, -1};
        boolean started = false;
        try {
            LauncherBuilder builder = launcher.toBuilder();
            if (input >= 0) {
                builder.redirectInput(input);
            }
            if (!last) {
                pipe = kernel.pipes(1);
                if (pipe[0] < 0) {
                    String program = launcher.spec.command.get(0);
                    throw LaunchFailures.failed(program, LaunchStep.STREAMS, "pipe2", "pipe2(O_CLOEXEC)", -pipe[0]);
                }
                builder.redirectOutput(pipe[1]);
            }
            children.add(builder.start());
            started = true;
            return pipe[0];
        } finally {
            kernel.close(input);
            kernel.close(pipe[1]);
            if (!started) {
                kernel.close(pipe[0]);
            }
        }
    }
}

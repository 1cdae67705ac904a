package dev.psx.process;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Opens what the standard streams of one child need; and closes it again. */
final class StreamOpener {

    private final Kernel kernel;
    private final LaunchSpec spec;
    private final int[] childs = {0, 1, 2};
    private final int[] parents = {-1, -1, -1};
    private final List<Integer> ofChildOnly = new ArrayList<>();

    StreamOpener(Kernel kernel, LaunchSpec spec) {
        this.kernel = kernel;
        this.spec = spec;
    }

    /** @throws LaunchException if something cannot be opened; what was opened before is closed */
    void open() {
        try {
            openPipes();
            for (int number = 0; number <= 2; number++) {
                if (!(number == 2 && spec.mergeError)) {
                    openFile(number, spec.stdio[number]);
                }
            }
            if (spec.mergeError) {
                childs[2] = childs[1];
            }
        } catch (RuntimeException | Error e) {
            closeAll();
            throw e;
        }
    }

    private void openPipes() {
        List<Integer> numbers = new ArrayList<>();
        for (int number = 0; number <= 2; number++) {
            if (spec.stdio[number] == Stdio.PIPE && !(number == 2 && spec.mergeError)) {
                numbers.add(number);
            }
        }
        int[] ends = numbers.isEmpty() ? new int[0] : kernel.pipes(numbers.size());
        for (int i = 0; i < numbers.size(); i++) {
            require(ends[2 * i], "pipe2", "pipe2(O_CLOEXEC)");
            int number = numbers.get(i);
            parents[number] = ends[2 * i + (number == 0 ? 1 : 0)];
            childs[number] = ends[2 * i + (number == 0 ? 0 : 1)];
            ofChildOnly.add(childs[number]);
        }
    }

    /** May take for ever: a FIFO is open when its other side is. */
    private void openFile(int number, Stdio stdio) {
        if (stdio.kind == Stdio.Kind.DESCRIPTOR) {
            childs[number] = stdio.descriptor;
        } else if (stdio.file != null) {
            int descriptor = openat(stdio);
            childs[number] = descriptor;
            ofChildOnly.add(descriptor);
        }
    }

    private int openat(Stdio stdio) {
        switch (stdio.kind) {
            case READ:
                return open(stdio.file, Kernel.O_RDONLY, "O_RDONLY");
            case APPEND:
                return open(
                        stdio.file,
                        Kernel.O_WRONLY | Kernel.O_CREAT | Kernel.O_APPEND,
                        "O_WRONLY | O_CREAT | O_APPEND");
            default:
                return open(
                        stdio.file, Kernel.O_WRONLY | Kernel.O_CREAT | Kernel.O_TRUNC, "O_WRONLY | O_CREAT | O_TRUNC");
        }
    }

    private int open(String file, int flags, String shown) {
        return require(kernel.open(file, flags), "openat", "openat(" + file + ", " + shown + ")");
    }

    /** Opens something that is closed again when the child has been started. */
    int openForStart(String file) {
        int descriptor = require(kernel.open(file, Kernel.O_PATH), "openat", "openat(" + file + ", O_PATH)");
        ofChildOnly.add(descriptor);
        return descriptor;
    }

    private int require(long result, String call, String shown) {
        if (result < 0) {
            throw LaunchFailures.failed(spec.command.get(0), LaunchStep.STREAMS, call, shown, (int) -result);
        }
        return (int) result;
    }

    /** Returns this process's descriptors by the number that each shall have in the child. */
    Map<Integer, Integer> descriptors() {
        Map<Integer, Integer> all = new TreeMap<>(spec.descriptors);
        for (int number = 0; number <= 2; number++) {
            all.put(number, childs[number]);
        }
        return all;
    }

    /** From now on the pipes belong to the streams. */
    ChildStreams started() {
        closeChildsSide();
        int[] ends = parents.clone();
        Arrays.fill(parents, -1);
        return new ChildStreams(kernel, ends);
    }

    void closeAll() {
        closeChildsSide();
        for (int i = 0; i < parents.length; i++) {
            kernel.close(parents[i]);
            parents[i] = -1;
        }
    }

    private void closeChildsSide() {
        for (int descriptor : ofChildOnly) {
            kernel.close(descriptor);
        }
        ofChildOnly.clear();
    }
}

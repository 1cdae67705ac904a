package dev.psx.agent.apps;

import dev.psx.process.LaunchException;
import dev.psx.process.LauncherBuilder;
import dev.psx.process.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Starts that fail, each again and again: the refusal is the same each time, and leaves nothing behind: no child, no descriptor, no memory
 * map, and the process as dumpable as it was.
 */
final class LaunchLeaks {

    private static final String LEFT = "maps of memory that are left = ";
    private static final int TIMES = 8;
    private static final int NOISE = 64;
    private static final int ENOUGH = 100;
    private static final int PR_GET_DUMPABLE = 3;
    private static final int F_GETFD = 1;
    private static final int DESCRIPTORS = 1024;

    private static final int P_ALL = 0;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x0100_0000;
    private static final int WALL = 0x4000_0000;
    private static final int ECHILD = 10;

    /** What makes the kernel refuse: made in a thread that ends afterwards, or undone. */
    interface Setting {
        Runnable make() throws Exception;
    }

    /** Gives the builder of a start that fails. */
    interface Start {
        LauncherBuilder builder() throws Exception;
    }

    /** A start that fails, and why. */
    record Refusal(Setting setting, Start start) {}

    private LaunchLeaks() {}

    static void refused(Map<String, Refusal> rows) throws Exception {
        once(LaunchApp.sleep()); // what is made once
        once(LaunchApp.sleep().pdeathsig(Signal.TERM));
        Map<String, String> results = new LinkedHashMap<>();
        long maps = 0;
        for (int round = 0; round < 2; round++) { // the first one fills what the JVM has caches for
            maps = maps();
            for (Map.Entry<String, Refusal> row : rows.entrySet()) {
                results.put(row.getKey(), inThread(row.getValue()));
            }
        }
        results.forEach((name, result) -> System.out.println(name + " = " + result));
        long more = maps() - maps;
        int starts = rows.size() * TIMES;
        if (starts >= ENOUGH) { // fewer would not be seen beside what the JVM maps for itself
            System.out.println(LEFT + (more < NOISE + starts / TIMES ? "none" : more));
        }
    }

    private static String inThread(Refusal row) throws Exception {
        FutureTask<String> task = new FutureTask<>(() -> again(row));
        new Thread(task).start();
        return task.get();
    }

    private static String again(Refusal row) throws Exception {
        Runnable undo = row.setting.make();
        try {
            LauncherBuilder builder = row.start.builder();
            String first = once(builder);
            State before = State.now();
            for (int i = 1; i < TIMES; i++) {
                String next = once(builder);
                if (!next.equals(first)) {
                    return "once " + first + ", then " + next;
                }
            }
            return first + left(before);
        } finally {
            undo.run();
        }
    }

    private static String once(LauncherBuilder builder) {
        try {
            builder.start().destroyForcibly().waitFor();
            return "started";
        } catch (LaunchException e) {
            return LaunchApp.refusal(e);
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static String left(State before) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        State now = State.now();
        while (now.hasMoreThan(before)) { // another thread of the JVM may have opened something for a moment
            if (System.nanoTime() > deadline) {
                return " LEFT BEHIND: " + before + " has become " + now;
            }
            Thread.onSpinWait();
            now = State.now();
        }
        long children = LaunchKernel.attempt("waitid", P_ALL, 0, 0, WEXITED | WNOHANG | WNOWAIT | WALL, 0);
        return children == -ECHILD ? "" : " LEFT BEHIND: a child";
    }

    /** What is open. Asked of the kernel: some rows have no /proc, or may not look there. */
    private record State(BitSet open, long dumpable) {

        static State now() {
            BitSet open = new BitSet();
            for (int descriptor = 0; descriptor < DESCRIPTORS; descriptor++) {
                open.set(descriptor, LaunchKernel.attempt("fcntl", descriptor, F_GETFD) >= 0);
            }
            return new State(open, LaunchKernel.own("prctl", PR_GET_DUMPABLE, 0, 0, 0, 0));
        }

        boolean hasMoreThan(State before) {
            BitSet more = (BitSet) open.clone();
            more.andNot(before.open);
            return !more.isEmpty() || dumpable != before.dumpable;
        }
    }

    private static long maps() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.count();
        }
    }
}

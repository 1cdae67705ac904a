package dev.psx.agent.apps;

import dev.psx.spi.Syscalls;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the kernel shows of a running child, seen from its parent. */
final class LaunchLook {

    private LaunchLook() {}

    /** Waits until the program sleep has been loaded and sleeps, or is stopped by its tracer. */
    static void awaitSleep(long pid) throws IOException {
        String sleeping = Syscalls.number("clock_nanosleep") + " ";
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!text(pid, "syscall").startsWith(sleeping)
                && !status(pid, "State").startsWith("t")) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("process " + pid + " does not sleep but " + text(pid, "syscall"));
            }
            Thread.onSpinWait();
        }
    }

    private static Path file(long pid, String name) {
        return Path.of("/proc", Long.toString(pid), name);
    }

    static String text(long pid, String name) throws IOException {
        return Files.readString(file(pid, name), StandardCharsets.UTF_8);
    }

    /** The values of some lines of the status file. */
    static String status(long pid, String... keys) throws IOException {
        List<String> lines = text(pid, "status").lines().toList();
        return Stream.of(keys)
                .map(key -> lines.stream()
                        .filter(line -> line.startsWith(key + ":"))
                        .map(line -> line.substring(key.length() + 1).trim().replaceAll("\\s+", " "))
                        .findFirst()
                        .orElseThrow())
                .collect(Collectors.joining("; "));
    }

    /** A field of the stat file, by its number in proc_pid_stat(5). */
    static long stat(long pid, int field) throws IOException {
        String stat = text(pid, "stat");
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[field - 3]);
    }

    static String link(long pid, String name) throws IOException {
        return Files.readSymbolicLink(file(pid, name)).toString();
    }

    /** Which namespaces are others than this process's. */
    static String namespaces(long pid) throws IOException {
        StringBuilder other = new StringBuilder();
        for (String name : List.of("cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "user", "uts")) {
            // without an init of its own nothing is there to be linked to
            boolean empty = name.equals("pid_for_children") && !Files.exists(file(pid, "ns/" + name));
            if (empty
                    || !link(pid, "ns/" + name)
                            .equals(Files.readSymbolicLink(Path.of("/proc/self/ns", name))
                                    .toString())) {
                other.append(other.length() == 0 ? "" : " ").append(name);
            }
        }
        return other.toString();
    }

    static String map(long pid, String name) throws IOException {
        return text(pid, name).trim().replaceAll(" +", " ").replaceAll("\n ?", ", ");
    }

    static String limit(long pid, String name) throws IOException {
        return text(pid, "limits")
                .lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).trim().replaceAll("\\s+", " "))
                .findFirst()
                .orElseThrow();
    }

    /** Words of a file whose entries end with a zero. */
    static List<String> words(long pid, String name) throws IOException {
        return Arrays.asList(text(pid, name).split("\0"));
    }

    /** Where each descriptor leads to; pipes without their numbers. */
    static String descriptors(long pid) throws IOException {
        TreeMap<Integer, String> found = new TreeMap<>();
        try (Stream<Path> list = Files.list(file(pid, "fd"))) {
            for (Path each : list.toList()) {
                found.put(
                        Integer.parseInt(each.getFileName().toString()),
                        Files.readSymbolicLink(each).toString().replaceAll(":\\[.*", ""));
            }
        }
        return found.toString();
    }

    static int highestOpenFile() {
        return Arrays.stream(new File("/proc/self/fd").list())
                .mapToInt(Integer::parseInt)
                .max()
                .orElseThrow();
    }

    /** The listing's own one among them. */
    static int openFiles() {
        return new File("/proc/self/fd").list().length;
    }

    /** How many more stay open than before: other threads of the JVM open a file for a moment, too, and may have had one open then. */
    static int moreOpenFiles(int before) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(400);
        int more = openFiles() - before;
        while (more > 0 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
            more = openFiles() - before;
        }
        return Math.max(more, 0);
    }
}

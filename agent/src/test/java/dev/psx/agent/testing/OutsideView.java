package dev.psx.agent.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The judge of all tests: reads /proc/PID/task/&#42;/status from outside the process. It shares no code with the product, so a
 * fault in the product's own reading cannot hide a task.
 */
public final class OutsideView {

    /** The kernel's flags in stat, counted from the field behind the name. */
    private static final int FLAGS = 6;

    private static final int PF_EXITING = 4;

    private OutsideView() {}

    public static List<TaskView> tasks(long pid) {
        List<TaskView> tasks = new ArrayList<>();
        eachUnlessGone(pid, task -> {
            // In this order: one that is in exit runs no user code any more, and was perhaps passed over for that.
            if (!isExiting(task)) {
                tasks.add(read(task.resolve("status")));
            }
        });
        return tasks;
    }

    /** The letters that stand for the states of the tasks, as in ps(1). */
    public static Set<Character> states(long pid) {
        Set<Character> states = new TreeSet<>();
        eachUnlessGone(pid, task -> states.add(fields(task)[0].charAt(0)));
        return states;
    }

    public static TaskView self() {
        try {
            return read(Path.of("/proc/thread-self/status"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Look {
        void at(Path task) throws IOException;
    }

    private static void eachUnlessGone(long pid, Look look) {
        Path directory = Path.of("/proc", Long.toString(pid), "task");
        try (DirectoryStream<Path> list = Files.newDirectoryStream(directory)) {
            for (Path task : list) {
                lookUnlessGone(look, task);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A task may end between being listed and being read: then its files are missing, or give ESRCH. */
    private static void lookUnlessGone(Look look, Path task) throws IOException {
        try {
            look.at(task);
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            if (e.getMessage() == null || !e.getMessage().contains("No such process")) {
                throw e;
            }
        }
    }

    private static boolean isExiting(Path task) throws IOException {
        return (Long.parseLong(fields(task)[FLAGS]) & PF_EXITING) != 0;
    }

    /** Those of stat from the state on. */
    private static String[] fields(Path task) throws IOException {
        String stat = text(task.resolve("stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    private static TaskView read(Path status) throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (String line : text(status).split("\n")) {
            int colon = line.indexOf(':');
            fields.put(line.substring(0, colon), line.substring(colon + 1).trim());
        }
        return new TaskView(
                Integer.parseInt(fields.get("Pid")),
                fields.get("Name"),
                ids(fields.get("Uid")),
                ids(fields.get("Gid")),
                groups(fields.get("Groups")),
                hex(fields.get("CapInh")),
                hex(fields.get("CapPrm")),
                hex(fields.get("CapEff")),
                hex(fields.get("CapBnd")),
                hex(fields.get("CapAmb")),
                Integer.parseInt(fields.get("NoNewPrivs")),
                Integer.parseInt(fields.getOrDefault("Seccomp_filters", "0")));
    }

    private static List<Integer> ids(String text) {
        return Stream.of(text.split("\\s+")).map(Integer::parseUnsignedInt).toList();
    }

    private static SortedSet<Integer> groups(String text) {
        return text.isEmpty() ? new TreeSet<>() : new TreeSet<>(ids(text));
    }

    private static long hex(String text) {
        return Long.parseUnsignedLong(text, 16);
    }
}

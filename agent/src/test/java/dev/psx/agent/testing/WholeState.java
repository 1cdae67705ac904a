package dev.psx.agent.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that a plan may change in a process that runs {@link dev.psx.agent.apps.Console}: what the kernel shows from outside of every task
 * (status file, root and working directory) and of the process (limits), and what it shows to the tasks alone.
 */
public final class WholeState {

    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    private static final int PRCTL = ARM ? 167 : 157;
    private static final int KEYCTL = ARM ? 219 : 250;

    /** By broadcast, so it is the same for all. */
    private static final Map<String, String> QUESTIONS = Map.of(
            "dumpable", "own-syscall " + PRCTL + " 3 0 0",
            "secure bits", "syscall " + PRCTL + " 27 0 0",
            "session keyring", "syscall " + KEYCTL + " 0 -3 0");

    private final Child child;
    private final Map<String, String> statuses;
    private final Map<String, String> links;
    private final Map<String, String> others = new TreeMap<>();

    private WholeState(Child child) {
        this.child = child;
        this.statuses = StatusFiles.of(child);
        this.links = links(child.pid());
        others.put("limits", limits(child));
        QUESTIONS.forEach((what, question) -> others.put(what, child.ask(question)));
    }

    public static WholeState of(Child child) {
        return new WholeState(child);
    }

    public static String limits(Child child) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(child.pid()), "limits"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails unless all of it is as it was, of every task that still is. The JVM's own threads come and go. */
    public void assertUnchanged() {
        StatusFiles.assertUnchanged(statuses, child);
        Map<String, String> now = links(child.pid());
        now.keySet().retainAll(links.keySet());
        assertThat(now).isNotEmpty();
        assertThat(links).containsAllEntriesOf(now);
        assertThat(new WholeState(child).others).isEqualTo(others);
    }

    /** Fails unless lines of all status files, the links of all tasks and all else, by their names, are so; {@code *} is not looked at. */
    public void assertIs(Map<String, String> expected) {
        expected.forEach((name, value) -> {
            if (!value.equals("*")) {
                assertThat(all(name)).as(name).isNotEmpty().containsOnly(value);
            }
        });
    }

    private List<String> all(String name) {
        if (others.containsKey(name)) {
            return List.of(others.get(name).substring("ok ".length()));
        }
        List<String> values = new ArrayList<>();
        links.forEach((link, target) -> {
            if (link.endsWith("/" + name)) {
                values.add(target);
            }
        });
        String start = name + ":\t";
        statuses.values().stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith(start))
                .forEach(line -> values.add(line.substring(start.length())));
        return values;
    }

    /** What has changed: lines of status files, links and all else by their names. */
    public List<String> changes() {
        WholeState now = new WholeState(child);
        Map<String, Boolean> changed = new TreeMap<>();
        others.forEach((what, value) -> changed.merge(what, !value.equals(now.others.get(what)), Boolean::logicalOr));
        links.forEach((link, target) -> changed.merge(
                link.substring(link.indexOf('/') + 1),
                now.links.containsKey(link) && !target.equals(now.links.get(link)),
                Boolean::logicalOr));
        statuses.forEach((tid, text) ->
                changedLines(text, now.statuses.getOrDefault(tid, text)).forEach(line -> changed.put(line, true)));
        changed.values().removeIf(is -> !is);
        return List.copyOf(changed.keySet());
    }

    private static List<String> changedLines(String before, String now) {
        List<String> lines = now.lines().toList();
        return before.lines()
                .filter(line -> !lines.contains(line))
                .map(line -> line.substring(0, line.indexOf(':')))
                .toList();
    }

    private static Map<String, String> links(long pid) {
        Map<String, String> links = new TreeMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path task : tasks) {
                for (String name : List.of("root", "cwd")) {
                    addUnlessGone(links, task, name);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return links;
    }

    private static void addUnlessGone(Map<String, String> links, Path task, String name) throws IOException {
        try {
            links.put(
                    task.getFileName() + "/" + name,
                    Files.readSymbolicLink(task.resolve(name)).toString());
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            if (e.getMessage() == null || !e.getMessage().contains("No such process")) {
                throw e;
            }
        }
    }
}

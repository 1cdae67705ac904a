package dev.psx.agent.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The whole status files of all tasks, but for what changes by itself, to show that nothing has been changed. */
public final class StatusFiles {

    /**
     * What a task does, what memory there is, how many tasks, and signals: under way, or blocked as long as a handler runs. And the name: a
     * new thread has its creator's until it gives itself one.
     */
    private static final Pattern VOLATILE = Pattern.compile(
            "(?m)^(Name|State|Vm\\w+|Rss\\w+|HugetlbPages|Threads|SigQ|SigPnd|SigBlk|Cpus_allowed\\w*|\\w*voluntary_ctxt_switches):.*\n");

    private StatusFiles() {}

    public static Map<String, String> of(Child child) {
        return of(child.pid());
    }

    public static Map<String, String> of(long pid) {
        Map<String, String> texts = new TreeMap<>();
        Path directory = Path.of("/proc", Long.toString(pid), "task");
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(directory)) {
            for (Path task : tasks) {
                addUnlessGone(texts, task);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }

    /** Fails unless every task that was there before and still is has the same file. The JVM's own threads come and go. */
    public static void assertUnchanged(Map<String, String> before, Child child) {
        assertUnchanged(before, child.pid());
    }

    public static void assertUnchanged(Map<String, String> before, long pid) {
        Map<String, String> now = of(pid);
        now.keySet().retainAll(before.keySet());
        assertThat(now).as("tasks that are still there").hasSizeGreaterThan(before.size() / 2);
        now.forEach((tid, text) -> assertThat(text).as("task %s", tid).isEqualTo(before.get(tid)));
    }

    private static void addUnlessGone(Map<String, String> texts, Path task) throws IOException {
        try {
            String text = new String(Files.readAllBytes(task.resolve("status")), StandardCharsets.ISO_8859_1);
            texts.put(task.getFileName().toString(), VOLATILE.matcher(text).replaceAll(""));
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            if (e.getMessage() == null || !e.getMessage().contains("No such process")) {
                throw e;
            }
        }
    }
}

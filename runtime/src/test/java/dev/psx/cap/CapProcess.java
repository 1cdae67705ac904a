package dev.psx.cap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.engine.ChildJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A JVM that does what it is told, see {@link CapMain}, and what {@code /proc} says about its tasks. */
final class CapProcess implements AutoCloseable {

    private static final Set<String> STATE =
            Set.of("Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs");

    private final ChildJvm jvm;

    /** @param prefix a command that ends by executing the rest of its arguments, or nothing */
    CapProcess(String... prefix) throws IOException {
        jvm = new ChildJvm(List.of(prefix), List.of(), Map.of(), CapMain.class.getName());
        jvm.await("ready");
    }

    long pid() {
        return jvm.pid();
    }

    /** Returns the whole answer. */
    String ask(String request) throws IOException {
        jvm.send(request);
        return jvm.await("answer ");
    }

    /** Returns what follows "ok". */
    String tell(String request) throws IOException {
        String answer = ask(request);
        assertThat(answer).as(request).startsWith("ok ");
        return answer.substring("ok ".length());
    }

    /** Returns the lines of the status file that concern credentials; every task must have the same. */
    Map<String, String> state() throws IOException {
        List<Map<String, String>> tasks = states();
        assertThat(tasks).hasSizeGreaterThan(25);
        assertThat(new TreeSet<>(tasks.stream().map(Map::toString).toList())).hasSize(1);
        return tasks.get(0);
    }

    /** Returns the permitted, effective and inheritable set that every task has. */
    CapabilitySet sets() throws IOException {
        Map<String, String> state = state();
        return CapabilitySet.of(mask(state, "CapPrm"), mask(state, "CapEff"), mask(state, "CapInh"));
    }

    long mask(String key) throws IOException {
        return mask(state(), key);
    }

    private static long mask(Map<String, String> state, String key) {
        return Long.parseUnsignedLong(state.get(key), 16);
    }

    List<Map<String, String>> states() throws IOException {
        List<Map<String, String>> all = new ArrayList<>();
        try (Stream<Path> list = Files.list(Path.of("/proc", Long.toString(pid()), "task"))) {
            for (Path task : list.toList()) {
                addUnlessGone(all, task.resolve("status"));
            }
        }
        return all;
    }

    /** The JVM ends threads of its own when it likes. */
    private static void addUnlessGone(List<Map<String, String>> all, Path status) throws IOException {
        try {
            all.add(read(status));
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No such process")) {
                throw e;
            }
        }
    }

    private static Map<String, String> read(Path status) throws IOException {
        Map<String, String> state = new TreeMap<>();
        for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
            int colon = line.indexOf(':');
            if (STATE.contains(line.substring(0, colon))) {
                state.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        return state;
    }

    /** Runs a program to its end and returns its output. */
    static String output(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    @Override
    public void close() {
        jvm.close();
    }
}

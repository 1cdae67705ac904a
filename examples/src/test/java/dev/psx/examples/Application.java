package dev.psx.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A child process whose output is read line by line, with a limit to every wait. */
final class Application implements AutoCloseable {

    private static final int SECONDS = 60;
    private static final String END = "[end of output]";

    private final Process process;
    private final BlockingQueue<String> unread = new LinkedBlockingQueue<>();
    private final List<String> read = new ArrayList<>();

    private Application(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        process = builder.start();
        Thread reader = new Thread(this::collect, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    static Application run(String... command) throws IOException {
        return new Application(List.of(command));
    }

    /** Starts a JVM on our classes and the jars in a directory below target/lib. */
    static Application java(String library, String... words) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        command.add("target/psx-examples.jar:target/lib/" + library + "/*");
        command.addAll(List.of(words));
        return new Application(command);
    }

    /** Returns the next line that starts so. */
    String await(String start) throws InterruptedException {
        for (String line = next(); line != null; line = next()) {
            if (line.startsWith(start)) {
                return line;
            }
        }
        throw new AssertionError("no line \"" + start + "\" in: " + String.join("\n", read));
    }

    /** Everything said until the end. */
    List<String> output() throws InterruptedException {
        String line = next();
        while (line != null) {
            line = next();
        }
        return read;
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("does not end");
        }
        return process.exitValue();
    }

    /** The values of one line in the status of each task, read from outside: as many as there are tasks. */
    List<String> ofTasks(String field) throws IOException {
        List<String> values = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path task : tasks.toList()) {
                addUnlessGone(task.resolve("status"), field, values);
            }
        }
        return values;
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static void addUnlessGone(Path status, String field, List<String> values) throws IOException {
        try (Stream<String> lines = Files.lines(status, StandardCharsets.ISO_8859_1)) {
            lines.filter(line -> line.startsWith(field + ":"))
                    .map(line -> line.substring(field.length() + 1).strip().replaceAll("\\s+", " "))
                    .forEach(values::add);
        } catch (IOException | UncheckedIOException e) {
            if (Files.exists(status.getParent())) {
                throw e;
            }
        }
    }

    private String next() throws InterruptedException {
        String line = unread.poll(SECONDS, TimeUnit.SECONDS);
        if (line == null || line.equals(END)) {
            return null;
        }
        read.add(line);
        return line;
    }

    private void collect() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            in.lines().forEach(unread::add);
        } catch (IOException | UncheckedIOException e) {
            unread.add("[output broke: " + e.getMessage() + "]");
        }
        unread.add(END);
    }
}

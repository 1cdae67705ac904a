package dev.psx.engine;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A JVM of its own for what cannot be undone. It is destroyed after a minute, which ends every read of its output. */
public final class ChildJvm implements AutoCloseable {

    private static final int SECONDS = 60;

    private final Process process;
    private final BufferedReader out;
    private final PrintStream in;

    /**
     * @param prefix a command that ends by executing the rest of its arguments, or nothing
     * @param options of the JVM
     * @param main the class to run, with its arguments
     */
    public ChildJvm(List<String> prefix, List<String> options, Map<String, String> environment, String... main)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(new File(System.getProperty("java.home"), "bin/java").getPath());
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.addAll(options);
        command.addAll(List.of(main));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        process = builder.start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread limit = new Thread(this::destroyWhenLate, "limit of pid " + process.pid());
        limit.setDaemon(true);
        limit.start();
    }

    public ChildJvm(Class<?> main, String... arguments) throws IOException {
        this(List.of(), List.of(), Map.of(), withName(main, arguments));
    }

    public static String[] withName(Class<?> main, String... arguments) {
        List<String> all = new ArrayList<>(List.of(main.getName()));
        all.addAll(List.of(arguments));
        return all.toArray(new String[0]);
    }

    public long pid() {
        return process.pid();
    }

    /** Returns the next line that begins so, without the beginning. */
    public String await(String beginning) throws IOException {
        List<String> other = new ArrayList<>();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(beginning)) {
                return line.substring(beginning.length());
            }
            other.add(line);
        }
        throw new AssertionError("the child ended without the line \"" + beginning + "\": " + other);
    }

    public void send(String line) {
        in.println(line);
    }

    /** Returns the rest of the output, when the child has ended. */
    public String rest() throws IOException {
        return out.lines().collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private void destroyWhenLate() {
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                close();
            }
        } catch (InterruptedException e) {
            close();
        }
    }
}

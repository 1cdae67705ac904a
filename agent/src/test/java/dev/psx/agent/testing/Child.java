package dev.psx.agent.testing;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A child process whose two outputs are captured apart, that every wait bounds, and that is always destroyed at the end. */
public class Child implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Process process;
    private final Output stdout;
    private final Output stderr;
    private final Writer stdin;
    private int consumed;

    Child(ProcessBuilder builder) {
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        stdout = new Output(process.getInputStream(), "stdout of " + process.pid());
        stderr = new Output(process.getErrorStream(), "stderr of " + process.pid());
        stdin = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }

    public static Child start(List<String> command) {
        return new Child(new ProcessBuilder(command));
    }

    /** Runs a command to its end. */
    public static Child run(List<String> command) {
        Child child = new Child(new ProcessBuilder(command));
        child.exitCode();
        return child;
    }

    public long pid() {
        return process.pid();
    }

    /** Waits for the next line of standard output that starts so, and returns it. Lines before it are passed over. */
    public String await(String prefix) {
        return await(stdout, prefix);
    }

    /** Waits until the child has a child. */
    public void awaitDescendant() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (process.descendants().findAny().isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("has started nothing" + transcript());
            }
            Thread.onSpinWait();
        }
    }

    public String awaitError(String part) {
        int found = awaitIndex(stderr, part, false, 0);
        return stderr.lines().get(found);
    }

    /** Sends one line and returns the child's next line of standard output. */
    public String ask(String line) {
        send(line);
        return await(stdout, "");
    }

    public void send(String line) {
        try {
            stdin.write(line + "\n");
            stdin.flush();
        } catch (IOException e) {
            throw new AssertionError("could not send \"" + line + "\"" + transcript(), e);
        }
    }

    /** Waits for the end of the process and of both streams. */
    public int exitCode() {
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("did not end within " + PATIENCE + transcript());
            }
            stdout.awaitEnd(PATIENCE.toMillis());
            stderr.awaitEnd(PATIENCE.toMillis());
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted" + transcript(), e);
        }
    }

    /** Closes standard input, which ends the applications of these tests. */
    public int finish() {
        try {
            stdin.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return exitCode();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public List<String> stdout() {
        return stdout.lines();
    }

    public List<String> stderr() {
        return stderr.lines();
    }

    /** What the child has said so far, for failure messages. */
    public String transcript() {
        return "\n--- pid " + pid() + " stdout\n" + String.join("\n", stdout()) + "\n--- stderr\n"
                + String.join("\n", stderr());
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String await(Output output, String prefix) {
        int found = awaitIndex(output, prefix, true, consumed);
        consumed = found + 1;
        return output.lines().get(found);
    }

    private int awaitIndex(Output output, String text, boolean start, int from) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            int found = output.await(line -> start ? line.startsWith(text) : line.contains(text), from, deadline);
            if (found < 0) {
                throw new AssertionError("no line with \"" + text + "\"" + transcript());
            }
            return found;
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for \"" + text + "\"" + transcript(), e);
        }
    }
}

package dev.psx.examples.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** A process that starts children, and measures that, when it is told to: {@link SpawnWorker}, children.c, children.go. */
final class SpawnContestant implements AutoCloseable {

    private final Process process;
    private final BufferedReader answers;
    private final OutputStream commands;

    SpawnContestant(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        process = builder.start();
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        commands = process.getOutputStream();
    }

    /** @return false if the process has refused to start: not each JDK has each way to launch */
    boolean ready() throws IOException {
        return "ready".equals(answers.readLine());
    }

    /** The nanoseconds of each start and wait. */
    LongStream times(String api, String streams, int threads, int milliseconds) throws IOException {
        String line = ask("times " + api + " " + streams + " " + threads + " " + milliseconds);
        return Stream.of(line.trim().split(" ")).mapToLong(Long::parseLong);
    }

    String ask(String command) throws IOException {
        commands.write((command + "\n").getBytes(StandardCharsets.UTF_8));
        commands.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException(
                    "process " + process.pid() + " has ended instead of an answer to \"" + command + "\"");
        }
        return answer;
    }

    /** It ends when nobody asks any more. */
    @Override
    public void close() throws IOException {
        commands.close();
        boolean interrupted = false;
        while (true) {
            try {
                process.waitFor();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

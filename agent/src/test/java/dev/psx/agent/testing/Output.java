package dev.psx.agent.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Collects one output stream of a child, line by line, and lets tests wait for lines. */
final class Output {

    private final List<String> lines = new ArrayList<>();
    private final Thread reader;
    private boolean ended;

    Output(InputStream stream, String name) {
        reader = new Thread(() -> collect(stream), name);
        reader.setDaemon(true);
        reader.start();
    }

    synchronized List<String> lines() {
        return new ArrayList<>(lines);
    }

    /** Returns the index of the first matching line from {@code from} on, or -1 at the end of the stream or the deadline. */
    synchronized int await(Predicate<String> wanted, int from, long deadlineNanos) throws InterruptedException {
        int next = from;
        while (true) {
            for (; next < lines.size(); next++) {
                if (wanted.test(lines.get(next))) {
                    return next;
                }
            }
            long left = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (ended || left <= 0) {
                return -1;
            }
            wait(left);
        }
    }

    void awaitEnd(long millis) throws InterruptedException {
        reader.join(millis);
    }

    private void collect(InputStream stream) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("[stream broke: " + e.getMessage() + "]");
        } finally {
            end();
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }
}

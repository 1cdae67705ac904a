package dev.psx.agent.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** One run of the command line inside the test's JVM. */
record Run(int exitCode, String out, String err) {

    static Run of(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Main.run(
                words,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    static Run status(long pid, String... options) {
        String[] words = new String[options.length + 2];
        words[0] = "status";
        words[1] = Long.toString(pid);
        System.arraycopy(options, 0, words, 2, options.length);
        return of(words);
    }

    /** The whole output, read as exactly one document. */
    Map<String, Object> json() {
        try {
            return JSON.std.with(JSON.Feature.FAIL_ON_DUPLICATE_MAP_KEYS).mapFrom(out);
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + out, e);
        }
    }

    @SuppressWarnings("unchecked") // that is what the contract says
    List<Map<String, Object>> tasks() {
        return (List<Map<String, Object>>) json().get("tasks");
    }

    String lastLine() {
        String[] lines = out.split("\n");
        return lines[lines.length - 1];
    }
}

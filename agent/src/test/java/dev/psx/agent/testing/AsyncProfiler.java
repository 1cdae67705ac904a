package dev.psx.agent.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The native agent of async-profiler, as its Maven artefact packs it, and how it is told what to do. */
public final class AsyncProfiler {

    private static final String ARCHITECTURE = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64";

    private final Path library;

    private AsyncProfiler(Path library) {
        this.library = library;
    }

    /** Unpacks it below a directory that must outlive the JVMs. */
    public static AsyncProfiler in(Path directory) {
        Path library = directory.resolve("libasyncProfiler.so");
        String resource = "/linux-" + ARCHITECTURE + "/libasyncProfiler.so";
        try (InputStream in = AsyncProfiler.class.getResourceAsStream(resource)) {
            Files.copy(in, library);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new AsyncProfiler(Stage.copyOf(library));
    }

    /** The option that loads it with the JVM. */
    public String option(String command) {
        return "-agentpath:" + library + "=" + command;
    }

    /** What tells it something in a running JVM, and loads it if need be. Unquoted, jcmd would divide it at its signs. */
    public List<String> command(Jdk jdk, long pid, String command) {
        return List.of(
                jdk.tool("jcmd").toString(),
                Long.toString(pid),
                "JVMTI.agent_load",
                library.toString(),
                "\"" + command + "\"");
    }

    /** How many samples of a profile in the collapsed form have this text in their stack. */
    public static long samples(Path profile, String text) {
        try {
            long samples = 0;
            for (String line : Files.readAllLines(profile)) {
                int count = line.lastIndexOf(' ');
                assertThat(line.substring(count + 1)).as(line).matches("[1-9][0-9]*");
                samples += line.substring(0, count).contains(text) ? Long.parseLong(line.substring(count + 1)) : 0;
            }
            return samples;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

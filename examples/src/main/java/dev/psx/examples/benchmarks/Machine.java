package dev.psx.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.Stream;

/** What a figure is worth nothing without: where and when it was measured. */
final class Machine {

    private Machine() {}

    static String heading() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            String model = lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.replaceAll(".*: ", ""))
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
            return model + ", " + Runtime.getRuntime().availableProcessors() + " processors; Linux "
                    + System.getProperty("os.version") + "; " + LocalDate.now(ZoneOffset.UTC) + ".";
        }
    }

    /** Returns the version of a JDK, such as 17.0.15. */
    static String version(String jdk) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of(jdk, "release"))) {
            return lines.filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> line.replaceAll(".*=\"|\"", ""))
                    .findFirst()
                    .orElse(jdk);
        }
    }

    /** Returns the first number of a JDK's version. */
    static int feature(String jdk) throws IOException {
        return Integer.parseInt(version(jdk).replaceAll("\\D.*", ""));
    }

    static long availableMegabytes() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
            return lines.filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        }
    }
}

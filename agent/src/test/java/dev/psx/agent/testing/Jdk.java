package dev.psx.agent.testing;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** One installed JDK that the tests run JVMs of. */
public record Jdk(Path home, int version) {

    /** Reads the {@code release} file, so that no JVM has to be started to know the version. */
    static Jdk at(Path home) throws IOException {
        Properties release = new Properties();
        try (Reader in = Files.newBufferedReader(home.resolve("release"))) {
            release.load(in);
        }
        String[] parts =
                release.getProperty("JAVA_VERSION", "").replace("\"", "").split("[.+-]");
        int major = Integer.parseInt(parts[0]);
        return new Jdk(home, major == 1 ? Integer.parseInt(parts[1]) : major);
    }

    static boolean isHome(Path directory) {
        return Files.isExecutable(directory.resolve("bin/java")) && Files.isReadable(directory.resolve("release"));
    }

    public Path tool(String name) {
        return home.resolve("bin").resolve(name);
    }

    @Override
    public String toString() {
        return "JDK " + version;
    }
}

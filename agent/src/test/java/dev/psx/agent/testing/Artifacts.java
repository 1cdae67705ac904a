package dev.psx.agent.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the build has made and the tests need, as copies that everybody may read. */
public final class Artifacts {

    private Artifacts() {}

    /** The shaded jar under test. */
    public static Path agentJar() {
        Path jar = Path.of(System.getProperty("psx.agent.jar", "target/psx-agent.jar"))
                .toAbsolutePath();
        if (!Files.isReadable(jar)) {
            throw new IllegalStateException(jar + " is missing: the integration tests run after package (mvn verify)");
        }
        return Stage.copyOf(jar);
    }

    public static Path testClasses() {
        return Stage.copyOf(Path.of(System.getProperty("psx.test.classes", "target/test-classes"))
                .toAbsolutePath());
    }

    /** The directory of the old libraries that the build has copied there. */
    public static Path legacyLibraries() {
        return Stage.copyOf(Path.of(System.getProperty("psx.legacy.libs", "target/legacy-libs"))
                .toAbsolutePath());
    }

    /** The library as an ordinary dependency: runtime, native, and what they depend on. */
    public static List<Path> library() {
        return Stream.of("psx-runtime", "psx-native", "jna", "slf4j-api")
                .map(Artifacts::dependency)
                .toList();
    }

    /** A jar of the test class path by its artefact name. */
    public static Path dependency(String artifact) {
        return classPath()
                .filter(path -> path.getFileName().toString().matches(artifact + "-[0-9].*\\.jar"))
                .findFirst()
                .map(Stage::copyOf)
                .orElseThrow(() -> new IllegalStateException(artifact + " is not on the test class path"));
    }

    /** All jars of the test class path whose name starts so. */
    public static List<Path> dependencies(String prefix) {
        return classPath()
                .filter(path -> path.getFileName().toString().startsWith(prefix))
                .map(Stage::copyOf)
                .toList();
    }

    private static Stream<Path> classPath() {
        // Surefire may start its JVM with one manifest-only jar.
        String own = System.getProperty("java.class.path");
        String whole = System.getProperty("surefire.test.class.path", own);
        return Stream.of(whole.split(File.pathSeparator)).map(Path::of);
    }
}

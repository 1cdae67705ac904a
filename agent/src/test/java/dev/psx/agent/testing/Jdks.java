package dev.psx.agent.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * Every JDK found: the one that runs the tests, JAVA_HOME, those under /usr/lib/jvm, and the directories that the system
 * property {@code psx.test.jdks} adds (joined by the path separator).
 */
public final class Jdks implements ArgumentsProvider {

    private static final List<Jdk> ALL = find();

    public static List<Jdk> all() {
        return ALL;
    }

    /** The JDK that runs the tests, for tests in which the version plays no part. */
    public static Jdk own() {
        Path home = real(Path.of(System.getProperty("java.home")));
        return ALL.stream().filter(jdk -> jdk.home().equals(home)).findFirst().orElseThrow();
    }

    @Override
    public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
        return ALL.stream().map(Arguments::of);
    }

    private static List<Jdk> find() {
        Set<Path> required = new LinkedHashSet<>(List.of(real(Path.of(System.getProperty("java.home")))));
        String javaHome = System.getenv("JAVA_HOME");
        if (javaHome != null) {
            required.add(real(Path.of(javaHome)));
        }
        String added = System.getProperty("psx.test.jdks", "");
        Stream.of(added.split(File.pathSeparator))
                .filter(home -> !home.isBlank())
                .forEach(home -> required.add(real(Path.of(home))));
        Set<Path> homes = new LinkedHashSet<>(required);
        installed().filter(Jdk::isHome).map(Jdks::real).forEach(homes::add);
        return homes.stream()
                .map(Jdks::read)
                .sorted(Comparator.comparingInt(Jdk::version))
                .toList();
    }

    private static Stream<Path> installed() {
        Path usual = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(usual)) {
            return Stream.empty();
        }
        try (Stream<Path> list = Files.list(usual)) {
            return list.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Jdk read(Path home) {
        try {
            return Jdk.at(home);
        } catch (IOException | NumberFormatException e) {
            throw new IllegalStateException(home + " is no JDK: " + e.getMessage(), e);
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException("JDK not found", e);
        }
    }
}

package dev.psx.agent.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Copies of what the tested JVMs load, in a directory that everybody may read: a JVM that has been dropped before main could
 * not load its own classes from a build directory below root's home.
 */
final class Stage {

    private static final Path DIRECTORY = create();
    private static final Map<Path, Path> COPIES = new ConcurrentHashMap<>();

    private Stage() {}

    /** Returns the copy of a file or a directory tree, under its own name. */
    static Path copyOf(Path original) {
        return COPIES.computeIfAbsent(original, path -> copy(path, COPIES.size()));
    }

    private static Path copy(Path original, int number) {
        Path target = DIRECTORY.resolve(Integer.toString(number)).resolve(original.getFileName());
        try (Stream<Path> tree = Files.walk(original)) {
            Files.createDirectories(target.getParent());
            for (Path path : tree.toList()) {
                Files.copy(path, target.resolve(original.relativize(path).toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return target;
    }

    private static Path create() {
        try {
            Path directory = Files.createTempDirectory("psx-agent-it");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Runtime.getRuntime().addShutdownHook(new Thread(Stage::delete));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete() {
        try (Stream<Path> tree = Files.walk(DIRECTORY)) {
            List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

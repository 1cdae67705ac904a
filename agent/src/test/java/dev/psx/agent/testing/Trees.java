package dev.psx.agent.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Directories with the permissions that a test needs. */
public final class Trees {

    private Trees() {}

    public static Path mode(Path path, String permissions) {
        try {
            return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Path directory(Path parent, String name, String permissions) {
        try {
            return mode(Files.createDirectory(parent.resolve(name)), permissions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A copy whose files are links to the original's where the file system allows that: only its directories may be changed. */
    public static Path linked(Path original, Path copy) {
        try (Child link = Child.run(List.of("cp", "-al", original.toString(), copy.toString()))) {
            if (link.exitCode() != 0) {
                copy(original, copy);
            }
        }
        return copy;
    }

    /** A real copy. */
    public static Path copy(Path original, Path copy) {
        try (Child copying = Child.run(List.of("cp", "-a", original + "/.", copy.toString()))) {
            assertThat(copying.exitCode()).as(copying.transcript()).isZero();
        }
        return copy;
    }

    /** Makes one file of a linked copy a file of its own with these permissions. */
    public static void own(Path file, String permissions) {
        try {
            Path other = file.resolveSibling(file.getFileName() + ".own");
            Files.copy(file, other);
            mode(other, permissions);
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** JUnit would announce each link that leads out of a temporary directory. */
    public static void delete(Path tree) {
        try (Child removing = Child.run(List.of("rm", "-rf", tree.toString()))) {
            assertThat(removing.exitCode()).as(removing.transcript()).isZero();
        }
    }

    public static Path owned(Path path, int uid) {
        try {
            return Files.setAttribute(path, "unix:uid", uid);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

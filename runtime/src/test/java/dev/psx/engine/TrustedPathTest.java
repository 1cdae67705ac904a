package dev.psx.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.psx.spi.TrustedPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustedPathTest {

    private final TrustedPath trust = new TrustedPath(Start.effectiveUser());

    @TempDir
    Path temporary;

    private Path parent;
    private Path directory;

    @BeforeEach
    void makeDirectories() throws IOException {
        parent = Files.createDirectory(temporary.toRealPath().resolve("parent"));
        directory = Files.createDirectory(parent.resolve("directory"));
    }

    @Test
    void ownDirectoriesThatOthersMayOnlyRead() throws IOException {
        mode(directory, "rwxr-xr-x");
        assertThat(trust.check(directory)).isEqualTo(directory);
        assertThat(trust.checkClosed(directory)).isEqualTo(directory);
    }

    @Test
    void directoryThatAnybodyMayWrite() throws IOException {
        mode(directory, "rwxrwxrwx");
        assertThatThrownBy(() -> trust.check(directory))
                .hasMessage(
                        directory + " may be written by others and is not sticky (mode 777): chmod go-w " + directory);
    }

    @Test
    void directoryThatItsGroupMayWrite() throws IOException {
        mode(directory, "rwxrwx---");
        assertThatThrownBy(() -> trust.check(directory)).hasMessageContaining("(mode 770)");
    }

    @Test
    void parentThatAnybodyMayWrite() throws IOException {
        mode(parent, "rwxrwxrwx");
        assertThatThrownBy(() -> trust.check(directory)).hasMessageStartingWith(parent + " may be written by others");
    }

    @Test
    void stickyParent() throws IOException {
        sticky(parent);
        assertThat(trust.checkClosed(directory)).isEqualTo(directory);
    }

    @Test
    void stickyDirectoryIsNotClosed() throws IOException {
        sticky(directory);
        assertThat(trust.check(directory)).isEqualTo(directory);
        assertThatThrownBy(() -> trust.checkClosed(directory))
                .hasMessage(directory + " may be written by others (mode 1777): chmod go-w " + directory);
    }

    @Test
    void foreignOwner() throws IOException {
        Root.required();
        Files.setAttribute(parent, "unix:uid", 4711);
        assertThatThrownBy(() -> trust.check(directory))
                .hasMessage(
                        parent + " belongs to uid 4711, neither root nor this process's user: chown root " + parent);
        assertThat(new TrustedPath(4711).check(directory)).isEqualTo(directory);
    }

    @Test
    void symbolicLinkIsJudgedByItsTarget() throws IOException {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), directory);
        assertThat(trust.check(link)).isEqualTo(directory);
        mode(parent, "rwxrwxrwx");
        assertThatThrownBy(() -> trust.check(link)).hasMessageStartingWith(parent.toString());
    }

    @Test
    void missingDirectory() {
        assertThatThrownBy(() -> trust.check(parent.resolve("missing"))).isInstanceOf(NoSuchFileException.class);
    }

    private static void mode(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private static void sticky(Path path) throws IOException {
        Files.setAttribute(path, "unix:mode", 01777);
    }
}

package dev.psx.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateDirectoryTest {

    private static final byte[] CONTENT = {1, 2, 3};

    @TempDir
    Path parent;

    @Test
    void isOpenToItsOwnerOnlyAndVanishes() throws IOException {
        try (PrivateDirectory directory = PrivateDirectory.create(parent)) {
            Path file = directory.write("library", content());
            assertThat(file).hasBinaryContent(CONTENT);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                    .isEqualTo("rwx------");
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void hasAnotherNameEachTime() throws IOException {
        try (PrivateDirectory one = PrivateDirectory.create(parent);
                PrivateDirectory other = PrivateDirectory.create(parent)) {
            assertThat(one.write("x", content())).isNotEqualTo(other.write("x", content()));
        }
    }

    @Test
    void neverWritesToAFileThatExists() throws IOException {
        try (PrivateDirectory directory = PrivateDirectory.create(parent)) {
            directory.write("library", content());
            assertThatThrownBy(() -> directory.write("library", content()))
                    .isInstanceOf(FileAlreadyExistsException.class);
        }
    }

    private static InputStream content() {
        return new ByteArrayInputStream(CONTENT);
    }
}

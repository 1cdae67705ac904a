package dev.psx.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a text is said before there is an engine. */
class PlanTextTest {

    @Test
    void optionsAreOneLine() {
        PolicyTextException failure =
                catchThrowableOfType(PolicyTextException.class, () -> PrivilegePlan.parse("user=app,umask=999"));

        assertThat(failure).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("column 16: ");
        assertThat(failure.line()).isOne();
        assertThat(failure.column()).isEqualTo(16);
    }

    @Test
    void aFileHasLines(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("psx.conf");
        Files.write(file, "[Psx]\n\n UMask=999\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        PolicyTextException failure = catchThrowableOfType(PolicyTextException.class, () -> PrivilegePlan.read(file));

        assertThat(failure).hasMessageStartingWith("line 3, column 8 of " + file + ": ");
        assertThat(failure.line()).isEqualTo(3);
        assertThat(failure.column()).isEqualTo(8);
        assertThatThrownBy(() -> PrivilegePlan.parse("policy=" + file)).hasMessage(failure.getMessage());
    }

    @Test
    void aFileThatCannotBeUsedHasNone(@TempDir Path directory) {
        PolicyTextException failure =
                catchThrowableOfType(PolicyTextException.class, () -> PrivilegePlan.read(directory.resolve("missing")));

        assertThat(failure).hasMessageContaining("there is no such file");
        assertThat(failure.line()).isZero();
        assertThat(failure.column()).isZero();
    }
}

package dev.psx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JnaBootTest {

    @TempDir
    Path directory;

    @BeforeEach
    void install() throws IOException {
        copy("META-INF/psx/" + Architecture.directory() + "/libpsx-engine.so");
        copy("com/sun/jna/" + Architecture.directory() + "/libjnidispatch.so");
    }

    @Test
    void isolatedCopyIgnoresTheApplicationsSettingsAndLeavesNoTrace() throws IOException {
        List<String> options = List.of(
                "-Djna.boot.library.path=/no/such",
                "-Djna.boot.library.name=nonsense",
                "-Djna.nosys=false",
                "-Djna.protected=true",
                "-Djna.debug_load=true",
                "-Djna.loaded=maybe",
                "-Djna.encoding=nonsense");
        assertThat(run(options, true))
                .containsExactly(
                        "wants true",
                        "abi 1",
                        "properties {jna.boot.library.name=nonsense, jna.boot.library.path=/no/such, jna.debug_load=true,"
                                + " jna.encoding=nonsense, jna.loaded=maybe, jna.nosys=false, jna.protected=true}");
    }

    @Test
    void isolatedCopyLeavesNoPropertyBehind() throws IOException {
        assertThat(run(List.of(), true)).containsExactly("wants true", "abi 1", "properties {}");
    }

    @Test
    void sharedCopyIsInitialisedAsTheApplicationHasSaid() throws IOException {
        List<String> output = run(List.of("-Djna.boot.library.path=" + directory), false);
        assertThat(output).startsWith("wants false", "abi 1");
        assertThat(output.get(2)).contains("jna.boot.library.path=" + directory, "jna.loaded=true");
    }

    @Test
    void sharedCopyWithoutSettingsGetsOurLibrary() throws IOException {
        List<String> output = run(List.of(), false);
        assertThat(output).startsWith("wants true", "abi 1");
        assertThat(output.get(2))
                .contains("jna.loaded=true", "jnidispatch.path=" + directory)
                .doesNotContain("jna.boot.library.path", "jna.nosys", "jna.nounpack");
    }

    private List<String> run(List<String> options, boolean isolated) throws IOException {
        String[] main = {JnaBootMain.class.getName(), Boolean.toString(isolated), directory.toString()};
        try (ChildJvm child = new ChildJvm(List.of(), options, Map.of(), main)) {
            return child.rest()
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("WARNING"))
                    .toList();
        }
    }

    private void copy(String resource) throws IOException {
        try (InputStream content = getClass().getClassLoader().getResourceAsStream(resource)) {
            Files.copy(
                    content, directory.resolve(Path.of(resource).getFileName().toString()));
        }
    }
}

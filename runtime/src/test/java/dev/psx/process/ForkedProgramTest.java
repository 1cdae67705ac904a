package dev.psx.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What can be told without a process: which files a name may mean, and the words of an error. The rest: ForkedRowsIT. */
class ForkedProgramTest {

    private final List<String> askedFor = new ArrayList<>();

    @Test
    void absentFilesAreNotTried() {
        assertThat(candidates("/a:/there:/b/:/also-there", "x")).containsExactly("/there/x", "/also-there/x");
        assertThat(askedFor).containsExactly("/a/x", "/there/x", "/b/x", "/also-there/x");
    }

    @Test
    void theChildLooksFromItsOwnDirectory() {
        assertThat(candidates("relative::/a:.", "x")).containsExactly("relative/x", "./x", "./x");
        assertThat(askedFor).containsExactly("/a/x");
    }

    @Test
    void oneIsAlwaysTriedToLearnWhatIsWrong() {
        assertThat(candidates("/a:/b", "x")).containsExactly("/b/x");
        assertThat(candidates("/" + "n".repeat(4095), "x")).containsExactly("x");
        assertThat(candidates("/a", "")).containsExactly("");
    }

    @Test
    void aPathIsTakenAsItIs() {
        assertThat(candidates("/a", "./x")).containsExactly("./x");
        assertThat(candidates("/a", "/b/x")).containsExactly("/b/x");
        assertThat(askedFor).isEmpty();
    }

    @Test
    void withoutAPathThereAreTheUsualDirectories() {
        assertThat(candidates(null, "x")).containsExactly("./x");
        assertThat(askedFor).containsExactly("/bin/x", "/usr/bin/x");
    }

    /** As execvp(3) of the C library, which the JDK calls for a child with the JVM's own environment. */
    @Test
    void withTheOwnEnvironmentTheWorkingDirectoryIsSearchedOnlyIfPathSaysSo() {
        assertThat(candidates(null, "there", true)).containsExactly("/bin/there", "/usr/bin/there");
        assertThat(candidates("/there::b:.", "x", true)).containsExactly("/there/x", "x", "b/x", "./x");
        assertThat(search("", true).goesOn(40)).isFalse();
    }

    @Test
    void thePathIsBytes() {
        byte[] environment = "A=PATH=x\0PATH=/\u00fc\0B=\0".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(PathSearch.pathOf(environment)).isEqualTo("/\u00fc");
        List<byte[]> found = search("/\u00fc", false).candidates(Texts.zeroTerminated("x"));
        assertThat(found).singleElement().isEqualTo(new byte[] {'/', -4, '/', 'x', 0});
        assertThat(PathSearch.pathOf(new byte[0])).isNull();
    }

    /** As execvpe(3). */
    @Test
    void someErrorsSayThatItMayBeElsewhere() {
        for (int error = 1; error < 140; error++) {
            assertThat(search("", false).goesOn(error))
                    .as("errno %d", error)
                    .isEqualTo(List.of(2, 13, 19, 20, 40, 110, 116).contains(error));
        }
    }

    @Test
    void theWordsAreThoseOfTheRelease() {
        ForkFailures older = new ForkFailures(false);
        assertThat(older.of(null, 2, "")).hasMessage("error=2, No such file or directory");
        assertThat(older.of("setresuid(1, 1, 1)", 1, "; why"))
                .hasMessage("error=1, setresuid(1, 1, 1): Operation not permitted; why");
        ForkFailures newer = new ForkFailures(true);
        assertThat(newer.of(null, 2, "")).hasMessage("Exec failed, error: 2 (No such file or directory) ");
        assertThat(newer.of("setresuid(1, 1, 1)", 1, "why"))
                .hasMessage("setresuid(1, 1, 1) failed, error: 1 (Operation not permitted) why");
    }

    private List<String> candidates(String path, String program) {
        return candidates(path, program, false);
    }

    private List<String> candidates(String path, String program, boolean ofLibrary) {
        List<String> found = new ArrayList<>();
        for (byte[] file : search(path, ofLibrary).candidates(Texts.zeroTerminated(program))) {
            found.add(new String(file, 0, file.length - 1, StandardCharsets.UTF_8));
        }
        return found;
    }

    private PathSearch search(String path, boolean ofLibrary) {
        Function<Object[], Object> port = request -> {
            byte[][] blobs = (byte[][]) request[2];
            String file = new String(blobs[0], 0, blobs[0].length - 1, StandardCharsets.UTF_8);
            askedFor.add(file);
            return new Object[] {file.contains("there") ? 0L : -2L, blobs};
        };
        return new PathSearch(new Kernel(port), path, ofLibrary);
    }
}

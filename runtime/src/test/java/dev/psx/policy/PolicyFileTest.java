package dev.psx.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files may say what a process keeps. */
class PolicyFileTest {

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void writeAGoodOne() throws IOException {
        mode(directory, "rwxr-xr-x");
        file = write(directory.resolve("psx.conf"), "[Psx]\nUMask=027\n");
    }

    @Test
    void aGoodOneIsRead() {
        assertThat(PolicyParser.options("policy=" + file + ",log=debug"))
                .isEqualTo(PolicyParser.options("umask=027,log=debug"));
        assertThat(PolicyParser.file(file)).isEqualTo(PolicyParser.options("umask=027"));
    }

    /** As a file whose lines are all commented out, it would leave the JVM as root, and nobody would notice. */
    @ParameterizedTest
    @ValueSource(
            strings = {"[Psx]\n", "[Psx]\n#UMask=027\n;User=app\n", "[Psx]\nLogLevel=debug\n", "[Psx]\nGroup=keep\n"})
    void oneThatDropsNothingIsRefused(String text) throws IOException {
        write(file, text);

        assertThatThrownBy(() -> PolicyParser.options("policy=" + file))
                .isInstanceOf(PolicyException.class)
                .hasMessageStartingWith("column 8: policy=\"" + file + "\" ")
                .hasMessageContaining("nothing to drop in that file");
        assertThat(PolicyParser.options("umask=027,policy=" + file).drops()).isTrue();
    }

    @Test
    void whatIsWrongInsideIsNamedWithTheFile() throws IOException {
        write(file, "[Psx]\nUMask=999\n");

        assertThatThrownBy(() -> PolicyParser.options("policy=" + file))
                .hasMessage("line 2, column 7 of " + file + ": UMask=\"999\" is not an octal number from 0 to 0777");
    }

    @Test
    void aKeyMayNotBeInBoth() {
        assertThatThrownBy(() -> PolicyParser.options("log=info,umask=022,policy=" + file))
                .hasMessage("line 2, column 1 of " + file + ": UMask is given twice: \"022\" (column 10) and \"027\"");
    }

    @Test
    void othersMayNotWriteTheFile() throws IOException {
        mode(file, "rw-rw-r--");
        refuses(file + " may be written by others (mode 664): chmod go-w " + file);
        mode(file, "rw-r--rw-");
        refuses(file + " may be written by others (mode 646): chmod go-w " + file);
        Files.setAttribute(file, "unix:mode", 01666);
        refuses("it may be written by others (mode 1666): chmod go-w " + file);
    }

    @Test
    void othersMayNotWriteADirectoryUnlessItIsSticky() throws IOException {
        mode(directory, "rwxrwxrwx");
        refuses(directory + " may be written by others and is not sticky (mode 777): chmod go-w " + directory);
        Files.setAttribute(directory, "unix:mode", 01777);
        assertThat(PolicyParser.options("policy=" + file).drops()).isTrue();
    }

    @Test
    void anotherUserMayNotOwnTheFileNorADirectory() throws IOException {
        chown(file);
        refuses(file + " belongs to uid 65534, neither root nor this process's user: chown root " + file);
        Files.setAttribute(file, "unix:uid", 0);
        chown(directory);
        refuses(directory + " belongs to uid 65534");
    }

    @Test
    void linksAreLookedAtToo() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        file = link;
        refuses("it is a symbolic link; give the path of the file itself");
        Path way = Files.createSymbolicLink(directory.resolve("way"), directory);
        assertThat(PolicyParser.options("policy=" + way + "/psx.conf").drops()).isTrue();
        String winding = way + "/./way/../" + directory.getFileName() + "/psx.conf";
        assertThat(PolicyParser.options("policy=" + winding).drops()).isTrue();
    }

    @Test
    void aLinkOfAnotherUserIsNoWay() throws IOException {
        Path way = Files.createSymbolicLink(directory.resolve("way"), directory);
        assumeRoot();
        Files.setAttribute(way, "unix:uid", 65534, java.nio.file.LinkOption.NOFOLLOW_LINKS);
        file = way.resolve("psx.conf");
        refuses(way + " belongs to uid 65534, neither root nor this process's user: chown -h root " + way);
    }

    @Test
    void aLoopOfLinksEnds() throws IOException {
        Files.createSymbolicLink(directory.resolve("a"), Paths.get("b"));
        Files.createSymbolicLink(directory.resolve("b"), Paths.get("a"));
        file = directory.resolve("a/psx.conf");
        refuses("too many symbolic links");
    }

    @Test
    void nothingElseIsOpened() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", "-m", "600", fifo.toString())
                        .start()
                        .waitFor())
                .isZero();
        for (Path other : Arrays.asList(fifo, directory, Paths.get("/dev/null"), Paths.get("/dev/zero"))) {
            file = other;
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> refuses("cannot be used: "));
        }
        file = fifo;
        refuses("it is not a regular file");
    }

    @Test
    void whatIsMissingOrTooLargeIsSaidSo() throws IOException {
        byte[] large = new byte[(1 << 16) + 1];
        Arrays.fill(large, (byte) '\n');
        Files.write(file, large);
        refuses("it is larger than 65536 bytes");
        Files.write(file, Arrays.copyOf(large, 1 << 16));
        assertThatThrownBy(() -> PolicyParser.file(file)).hasMessageContaining("there is no section [Psx]");
        file = directory.resolve("missing");
        refuses("there is no such file");
        file = Paths.get("");
        refuses("its name is empty");
    }

    private void refuses(String why) {
        assertThatThrownBy(() -> PolicyParser.options("log=info,policy=" + file))
                .isInstanceOf(PolicyException.class)
                .hasMessageStartingWith("column 17: policy=\"")
                .hasMessageContaining("cannot be used: ")
                .hasMessageContaining(why);
        assertThatThrownBy(() -> PolicyParser.file(file))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining(why);
    }

    private static void assumeRoot() throws IOException {
        assumeTrue(Files.getAttribute(Paths.get("/proc/self"), "unix:uid").equals(0), "needs root");
    }

    private static void chown(Path path) throws IOException {
        assumeRoot();
        Files.setAttribute(path, "unix:uid", 65534);
    }

    private static void mode(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private static Path write(Path path, String text) throws IOException {
        Files.write(path, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        mode(path, "rw-r--r--");
        return path;
    }
}

package dev.psx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each load happens in a JVM of its own: a library is never unloaded. */
class NativeFilesTest {

    private static final String ENGINE = "libpsx-engine.so";
    private static final String JNA = "libjnidispatch.so";

    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void resolveDirectory() throws IOException {
        directory = temporary.toRealPath();
    }

    @Test
    void theTemporaryDirectoryComesFirstAndIsLeftEmpty() throws IOException {
        List<String> output = load(List.of(), List.of("-Djava.io.tmpdir=" + directory));
        assertThat(output).hasSize(2).allMatch(line -> line.startsWith("mapped: " + directory + "/.psx-"));
        assertThat(output).allMatch(line -> line.endsWith(".so (deleted)"));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void directoryThatIsNotToBeTrustedIsPassedOver() throws IOException {
        Files.setAttribute(directory, "unix:mode", 0777);
        List<String> output = load(List.of(), List.of("-Djava.io.tmpdir=" + directory));
        assertThat(output).hasSize(2).allMatch(line -> line.startsWith("mapped: /") && !line.contains(directory + "/"));
    }

    @Test
    void noexecDirectoryIsPassedOver() throws IOException {
        Root.required();
        List<String> output = load(mounts(noexec(directory)), List.of("-Djava.io.tmpdir=" + directory));
        assertThat(output).hasSize(2).allMatch(line -> line.startsWith("mapped: /run/.psx-"));
    }

    @Test
    void theLastCandidateWillDo() throws IOException {
        Root.required();
        Path home = Files.createDirectories(directory.resolve("home/.cache")).getParent();
        String mounts = noexec(Path.of("/run"), Path.of("/dev/shm"), Path.of("/var/tmp")) + "mount -t tmpfs -o ro x "
                + home + "; ";
        Path last = Files.createDirectory(directory.resolve("last"));
        List<String> output =
                load(mounts(mounts), List.of("-Djava.io.tmpdir=/proc", "-Duser.home=" + home, "-Duser.dir=" + last));
        assertThat(output).hasSize(2).allMatch(line -> line.startsWith("mapped: " + last + "/.psx-"));
    }

    @Test
    void whatFailedIsListedWithItsReason() throws IOException {
        Root.required();
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setAttribute(open, "unix:mode", 0777);
        String mounts = noexec(Path.of("/run"), Path.of("/dev/shm"), Path.of("/var/tmp"));
        List<String> output = load(
                mounts(mounts), List.of("-Djava.io.tmpdir=relative", "-Duser.home=/no/such", "-Duser.dir=" + open));
        assertThat(output)
                .singleElement()
                .asString()
                .contains(
                        "the native library cannot be loaded from any directory",
                        open + ": " + open + " may be written by others and is not sticky (mode 777)",
                        "/run: mounted noexec, or forbidden by a security module: failed to map segment",
                        "/dev/shm: mounted noexec",
                        "/var/tmp: mounted noexec",
                        "/no/such/.cache: does not exist",
                        "relative: not an absolute path",
                        "remedy: -Ddev.psx.native.dir=DIR");
    }

    @Test
    void chosenDirectoryIsTheOnlyOneTried() throws IOException {
        assertThat(choose(directory)).hasSize(2).allMatch(line -> line.startsWith("mapped: " + directory + "/.psx-"));
        Root.required();
        assertThat(load(mounts(noexec(directory)), List.of("-Ddev.psx.native.dir=" + directory)))
                .singleElement()
                .asString()
                .contains("given by -Ddev.psx.native.dir (" + directory + ": mounted noexec");
    }

    @Test
    void librariesInTheChosenDirectoryAreUsedAsTheyAre() throws IOException {
        install(ENGINE, "META-INF/psx/" + Architecture.directory() + "/" + ENGINE);
        install(JNA, "com/sun/jna/" + Architecture.directory() + "/" + JNA);
        assertThat(choose(directory))
                .containsExactly("mapped: " + directory.resolve(ENGINE), "mapped: " + directory.resolve(JNA));
    }

    @Test
    void libraryThatOthersMayWriteIsRefused() throws IOException {
        install(ENGINE, "META-INF/psx/" + Architecture.directory() + "/" + ENGINE);
        Files.setAttribute(directory.resolve(ENGINE), "unix:mode", 0666);
        assertThat(choose(directory)).singleElement().asString().contains(ENGINE + " may be written by others");
    }

    @Test
    void libraryOfAnotherUserIsRefused() throws IOException {
        Root.required();
        install(ENGINE, "META-INF/psx/" + Architecture.directory() + "/" + ENGINE);
        Files.setAttribute(directory.resolve(ENGINE), "unix:uid", 65534);
        assertThat(choose(directory)).singleElement().asString().contains(ENGINE + " belongs to uid 65534");
    }

    @Test
    void chosenDirectoryThatOthersMayWriteIsRefused() throws IOException {
        Files.setAttribute(directory, "unix:mode", 01777);
        assertThat(choose(directory)).singleElement().asString().contains("may be written by others (mode 1777)");
        Path below = Files.createDirectory(directory.resolve("below"));
        Files.setAttribute(directory, "unix:mode", 0777);
        assertThat(choose(below))
                .singleElement()
                .asString()
                .contains(directory + " may be written by others and is not");
    }

    @Test
    void libraryForAnArchitectureThatThisBuildLacks() throws IOException {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String others = Stream.of(all.split(File.pathSeparator))
                .filter(entry -> !entry.contains(File.separator + "native" + File.separator))
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(others).isNotEqualTo(all);
        assertThat(load(List.of(), List.of("-cp", others)))
                .singleElement()
                .asString()
                .startsWith("refused: META-INF/psx/linux-")
                .contains(ENGINE + " is missing from the class path");
    }

    @Test
    void theLinkersMessageWithoutTheName() {
        String file = "/run/.psx-1/" + ENGINE;
        assertThat(NativeFiles.linkReason(file + ": " + file + ": file too short"))
                .isEqualTo("file too short");
        assertThat(NativeFiles.linkReason("already loaded in another classloader"))
                .isEqualTo("already loaded in another classloader");
        assertThat(NativeFiles.linkReason(file + ": " + file + ": failed to map segment from shared object"))
                .isEqualTo(
                        "mounted noexec, or forbidden by a security module: failed to map segment from shared object");
    }

    private static List<String> choose(Path chosen) throws IOException {
        return load(List.of(), List.of("-Ddev.psx.native.dir=" + chosen));
    }

    private static List<String> load(List<String> prefix, List<String> options) throws IOException {
        List<String> all = new ArrayList<>(options);
        all.add("-XX:-UsePerfData"); // it writes to /tmp
        try (ChildJvm child =
                new ChildJvm(prefix, all, Map.of("XDG_RUNTIME_DIR", "/no/such"), LoadMain.class.getName())) {
            return child.rest()
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("WARNING"))
                    .toList();
        }
    }

    /** A command that sees these mounts alone. */
    private static List<String> mounts(String commands) {
        return List.of("unshare", "-m", "sh", "-ec", commands + "exec \"$@\"", "sh");
    }

    private static String noexec(Path... directories) {
        StringBuilder commands = new StringBuilder();
        for (Path path : directories) {
            commands.append("mount -t tmpfs -o noexec,mode=755 x ").append(path).append("; ");
        }
        return commands.toString();
    }

    private void install(String name, String resource) throws IOException {
        try (InputStream content = getClass().getClassLoader().getResourceAsStream(resource)) {
            Files.copy(content, directory.resolve(name));
        }
    }
}

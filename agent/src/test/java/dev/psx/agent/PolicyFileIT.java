package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.TaskView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** {@code policy=FILE} in real JVMs: a file that root alone can have written decides, any other stops the JVM. */
@RootOnly
class PolicyFileIT {

    private static final long NET_BIND_SERVICE = 1L << 10;

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        file = Files.writeString(directory.resolve("psx.conf"), """
                # what the server needs
                [Psx]
                User=nobody
                Groups=none
                KeepCapabilities=CAP_NET_BIND_SERVICE
                AmbientCapabilities=CAP_NET_BIND_SERVICE
                LimitCORE=0:1M
                UMask=027
                """);
        mode(file, 0600);
    }

    @EachJdk
    void aTrustedOneDropsOnEveryTask(Jdk jdk) throws IOException {
        try (Child child =
                Jvm.of(jdk).fixture().agent("policy=" + file + ",log=warn").start(Console.class)) {
            child.await("ready");
            assertThat(child.ask("crowd 20 2 1")).startsWith("ok");
            assertThat(OutsideView.tasks(child.pid())).hasSizeGreaterThan(20).allSatisfy(PolicyFileIT::isDropped);
            Path proc = Path.of("/proc", Long.toString(child.pid()));
            assertThat(Files.readString(proc.resolve("status"))).contains("Umask:\t0027\n");
            assertThat(Files.readString(proc.resolve("limits"))).containsPattern("Max core file size +0 +1048576 ");
        }
    }

    private static void isDropped(TaskView task) {
        assertThat(task.uid()).containsOnly(65534);
        assertThat(task.groups()).isEmpty();
        assertThat(task.capPermitted()).isEqualTo(NET_BIND_SERVICE);
        assertThat(task.capEffective()).isEqualTo(NET_BIND_SERVICE);
        assertThat(task.capAmbient()).isEqualTo(NET_BIND_SERVICE);
        assertThat(task.capBounding()).isEqualTo(NET_BIND_SERVICE);
        assertThat(task.noNewPrivs()).isEqualTo(1);
    }

    @EachJdk
    void anyOtherStopsTheJvm(Jdk jdk) throws Exception {
        mode(file, 0620);
        refused(jdk, file + " may be written by others");
        mode(file, 0600);
        Files.setAttribute(file, "unix:uid", 65534);
        refused(jdk, file + " belongs to uid 65534");
        Files.setAttribute(file, "unix:uid", 0);
        mode(directory, 0777);
        refused(jdk, directory + " may be written by others and is not sticky");
        mode(directory, 0755);
        Path good = file;
        file = Files.createSymbolicLink(directory.resolve("link"), good);
        refused(jdk, "it is a symbolic link");
        Path way = Files.createSymbolicLink(directory.resolve("way"), directory);
        Files.setAttribute(way, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
        file = way.resolve("psx.conf");
        refused(jdk, way + " belongs to uid 65534");
        file = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", "-m", "600", file.toString())
                        .start()
                        .waitFor())
                .isZero();
        refused(jdk, "it is not a regular file");
    }

    @EachJdk
    void whatIsWrongInsideIsNamedWithItsLine(Jdk jdk) throws IOException {
        Files.writeString(file, "[Psx]\nUser=nobody\nUMask=888\n");
        Child child = stopped(jdk, "policy=" + file);
        assertThat(child.stderr())
                .singleElement()
                .asString()
                .startsWith("psx-agent: ")
                .contains("line 3, column 7 of " + file + ": UMask=\"888\"");
        Files.writeString(file, "[Psx]\nUser=nobody\nGroups=daemon  no-such-group\n");
        child = stopped(jdk, "policy=" + file);
        assertThat(child.transcript()).contains("line 3, column 16 of " + file + ": unknown group \"no-such-group\"");
        Files.writeString(file, "[Psx]\nUser=nobody\n");
        child = stopped(jdk, "user=daemon,policy=" + file);
        assertThat(child.stderr()).singleElement().asString().contains("User is given twice: \"daemon\" (column 1)");
    }

    /** A slip of the operator's, and standard error goes to a log that others read. */
    @EachJdk
    void anyOtherFileIsNotRepeated(Jdk jdk) throws IOException {
        Files.writeString(file, "root:$y$j9T$salt$secret:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n");
        assertThat(stopped(jdk, "user=nobody,policy=" + file).stderr())
                .singleElement()
                .asString()
                .contains("line 1, column 1 of " + file + ": this is in no section")
                .doesNotContain("root", "secret", "19000");
    }

    private void refused(Jdk jdk, String why) {
        assertThat(stopped(jdk, "user=nobody,policy=" + file).stderr())
                .singleElement()
                .asString()
                .startsWith("psx-agent: ")
                .contains("column 20: policy=\"", "cannot be used: ", why);
    }

    private static Child stopped(Jdk jdk, String options) {
        try (Child child = Jvm.of(jdk).agent(options).start(Console.class)) {
            assertThat(child.exitCode()).as(child::transcript).isEqualTo(78);
            assertThat(child.stdout()).isEmpty();
            return child;
        }
    }

    private static void mode(Path path, int mode) throws IOException {
        Files.setAttribute(path, "unix:mode", mode);
    }
}

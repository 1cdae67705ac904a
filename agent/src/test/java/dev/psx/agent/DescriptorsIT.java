package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.psx.agent.testing.Checked;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.Cli;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.PeerServer;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * What keeps its power through a drop because it is open. Each kind is used after the drop, which shows that the warning is right,
 * and cannot be opened again, which shows that it is a power.
 */
@RootOnly
class DescriptorsIT {

    private static final int ROOT = 'r';
    private static final int NOBODY = 'n';

    /** Makes a new root directory in which all is as in the old one. */
    private static final String BIND = """
            mount -t tmpfs none "$0" || exit
            for each in /*; do
              if [ -L "$each" ]; then cp -P "$each" "$0"
              elif [ -d "$each" ]; then mkdir "$0$each" && mount --bind "$each" "$0$each"
              fi
            done
            exec "$@"
            """;

    @TempDir
    Path directory;

    private Child victim;

    @BeforeEach
    void start() {
        Trees.mode(directory, "rwxrwxrwx");
        victim = Child.start(List.of("sleep", "1000"));
    }

    @AfterEach
    void end() {
        victim.close();
    }

    @EachJdk
    void memoryOfAnotherProcess(Jdk jdk) {
        String pid = Long.toString(victim.pid());
        new Power("memory", pid)
                .says("(/proc/" + pid + "/mem) still reads and writes the memory of process " + pid)
                .assertKept(jdk, 42);
    }

    @EachJdk
    void secretOfAnotherProcess(Jdk jdk) {
        String path = "/proc/" + victim.pid() + "/environ";
        new Power("file", path)
                .says("(" + path + ") still reads the state of process ")
                .assertKept(jdk, 1);
    }

    @EachJdk
    void rawSocket(Jdk jdk) {
        new Power("raw", "")
                .says("(raw socket) still gets and sends packets of any content")
                .assertKept(jdk, 28);
    }

    @EachJdk
    void packetSocket(Jdk jdk) {
        new Power("packet", "")
                .says("(packet socket) still sees and sends any frame")
                .assertKept(jdk, 43);
    }

    /** What may be opened again is no power that is kept. */
    @EachJdk
    void rawSocketWhereTheCapabilityIsKept(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.jvm(jdk).fixture())) {
            int descriptor = open(jvm, "raw", "");
            assertThat(jvm.ask("apply user=nobody caps=net_raw"))
                    .startsWith("ok dropped")
                    .doesNotContain("descriptor");
            assertThat(jvm.ask("use raw " + descriptor)).isEqualTo("ok 28");
            open(jvm, "raw", "");
        }
    }

    /** A capability of the upper half of the set. */
    @EachJdk
    void perfEventWhereTheCapabilityIsKept(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.jvm(jdk).fixture())) {
            open(jvm, "perf", "");
            assertThat(jvm.ask("apply user=nobody caps=perfmon"))
                    .startsWith("ok dropped")
                    .doesNotContain("descriptor");
            open(jvm, "perf", "");
        }
    }

    @EachJdk
    void connectionThatWasMadeAsRoot(Jdk jdk) {
        Path path = directory.resolve("server");
        try (PeerServer server = new PeerServer(path);
                Child jvm = Checked.start(Checked.jvm(jdk).fixture())) {
            int descriptor = open(jvm, "unix", path.toString());
            assertThat(Checked.assertFinds(jdk, jvm, "descriptor"))
                    .contains("descriptor " + descriptor + " (unix connection to " + path
                            + ") still counts as user 0's where it leads to");
            assertThat(drop(jvm)).contains("descriptor " + descriptor + " (unix connection to ");
            assertThat(jvm.ask("use unix " + descriptor)).isEqualTo("ok " + ROOT);
            int other = open(jvm, "unix", path.toString());
            assertThat(jvm.ask("use unix " + other)).isEqualTo("ok " + NOBODY);
            assertThat(server).isNotNull();
        }
    }

    @EachJdk
    void virtualInterface(Jdk jdk) {
        new Power("tun", "")
                .says("(/dev/net/tun) still is the network interface psx0")
                .assertKept(jdk, 20);
    }

    @EachJdk
    void device(Jdk jdk) {
        String node = node("c", 1, 5);
        new Power("file", node).says("(" + node + ") still reads the device").assertKept(jdk, 1);
    }

    @EachJdk
    void blockDevice(Jdk jdk) throws IOException {
        Path disk = Files.write(directory.resolve("disk"), new byte[1 << 20]);
        try (Child losetup = Child.run(List.of("losetup", "--find", "--show", disk.toString()))) {
            assumeTrue(losetup.exitCode() == 0, "no loop devices here");
            String device = losetup.stdout().get(0);
            try {
                new Power("file", device)
                        .says("(" + device + ") still reads the whole device")
                        .assertKept(jdk, 1);
            } finally {
                Child.run(List.of("losetup", "--detach", device)).close();
            }
        }
    }

    @EachJdk
    void virtualMachines(Jdk jdk) throws IOException {
        Path device = Path.of("/dev/kvm");
        assumeTrue(Files.exists(device) && ownersOnly(device), "everybody may make virtual machines here, or nobody");
        new Power("kvm", "/dev/kvm").says("(/dev/kvm) still reads the device").assertKept(jdk, 1);
    }

    private static boolean ownersOnly(Path file) throws IOException {
        return !Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    }

    private String node(String type, int major, int minor) {
        Path node = directory.resolve("node");
        List<String> mknod =
                List.of("mknod", "-m", "600", node.toString(), type, Integer.toString(major), Integer.toString(minor));
        try (Child child = Child.run(mknod)) {
            assertThat(child.exitCode()).as(child.transcript()).isZero();
        }
        return node.toString();
    }

    @EachJdk
    void namedPipe(Jdk jdk) {
        String path = directory.resolve("pipe").toString();
        new Power("pipe", path)
                .says("(" + path + ") still reads and writes the named pipe")
                .assertKept(jdk, '*');
    }

    @EachJdk
    void perfEvent(Jdk jdk) {
        new Power("perf", "").says("(perf event) still measures").assertKept(jdk, 1);
    }

    @EachJdk
    void bpfMap(Jdk jdk) {
        new Power("bpf-map", "").says("(BPF map) still reads and changes").assertKept(jdk, 42);
    }

    @EachJdk
    void bpfProgram(Jdk jdk) {
        new Power("bpf-program", "").says("(BPF program) still attaches").assertKept(jdk, 0);
    }

    @EachJdk
    void bpfLink(Jdk jdk) {
        new Power("bpf-link", "")
                .says("(BPF link) still replaces or takes away")
                .assertKept(jdk, 0);
    }

    @EachJdk
    void filesThatOthersOpen(Jdk jdk) throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "key");
        Trees.mode(secret, "rw-------");
        try (Child jvm = Checked.start(Checked.jvm(jdk).fixture())) {
            int descriptor = open(jvm, "fanotify", secret.toString());
            assertThat(Checked.assertFinds(jdk, jvm, "descriptor"))
                    .contains("descriptor " + descriptor + " (fanotify group) still gets the files that others open");
            assertThat(drop(jvm)).contains("descriptor " + descriptor + " (fanotify group) still ");
            assertThat(jvm.ask("read " + secret)).startsWith("failed");
            Files.readString(secret);
            assertThat(jvm.ask("use fanotify " + descriptor)).isEqualTo("ok " + (int) 'k');
        }
    }

    @EachJdk
    void callsOfOthers(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.jvm(jdk).fixture())) {
            int descriptor = open(jvm, "seccomp", "");
            assertThat(Checked.assertFinds(jdk, jvm, "descriptor"))
                    .contains("descriptor " + descriptor + " (seccomp listener) still answers the system calls");
            assertThat(drop(jvm)).contains("descriptor " + descriptor + " (seccomp listener) still ");
            assertThat(jvm.ask("use seccomp " + descriptor)).isEqualTo("ok 4711");
        }
    }

    /** What any server has. */
    @EachJdk
    void nothingIsSaidOfWhatIsOrdinary(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.jvm(jdk).fixture())) {
            assertThat(jvm.ask("ordinary " + directory)).startsWith("ok ");
            Checked.assertFinds(jdk, jvm);
            assertThat(jvm.ask("check")).isEqualTo("ok ");
            assertThat(drop(jvm)).doesNotContain("descriptor");
        }
    }

    /** The JVM sees the same in there, but a directory from before leads further up. */
    @EachJdk
    void directoryOutsideOfTheRoot(Jdk jdk) {
        Path jail = Trees.directory(directory, "jail", "rwxr-xr-x");
        Jvm bound = Checked.jvm(jdk).fixture().through("unshare", "--mount", "sh", "-c", BIND, jail.toString());
        try (Child jvm = Checked.start(bound)) {
            int inside = open(jvm, "directory", jail + "/tmp");
            int outside = open(jvm, "directory", "/tmp");
            assertThat(jvm.ask("enter " + jail)).isEqualTo("ok 0");
            assertThat(drop(jvm))
                    .contains("descriptor " + outside + " (", ") still leads out of the root directory")
                    .doesNotContain("descriptor " + inside + " (");
            assertThat(jvm.ask("use directory " + inside)).isEqualTo("ok 0");
            assertThat(jvm.ask("use directory " + outside)).isEqualTo("ok 1");
        }
    }

    /** From outside only names tell. */
    @EachJdk
    void directoryOutsideOfTheRootOfAnotherProcess(Jdk jdk) {
        Path jail = Trees.directory(directory, "jail", "rwxr-xr-x");
        Trees.directory(jail, "tmp", "rwxrwxrwx");
        try (Child jvm = Checked.start(Checked.jvm(jdk).fixture())) {
            int inside = open(jvm, "directory", jail + "/tmp");
            int outside = open(jvm, "directory", "/tmp");
            assertThat(jvm.ask("enter " + jail)).isEqualTo("ok 0");
            try (Child check =
                    Cli.run(jdk, "check", "user=65534,group=65534,groups=none", "--pid", Long.toString(jvm.pid()))) {
                assertThat(check.exitCode()).as(check.transcript()).isZero();
                assertThat(String.join("\n", check.stdout()))
                        .contains("descriptor " + outside + " (/tmp) still leads out of the root directory")
                        .doesNotContain("descriptor " + inside + " (");
            }
        }
    }

    private static int open(Child jvm, String kind, String argument) {
        String answer = jvm.ask("power " + kind + " " + argument);
        assertThat(answer).startsWith("ok ").doesNotContain("-");
        return Integer.parseInt(answer.substring("ok ".length()));
    }

    private static String drop(Child jvm) {
        jvm.send("plan nobody");
        return jvm.await("ok ");
    }

    /** One kind of descriptor. */
    private static final class Power {

        private final String kind;
        private final String argument;
        private String says;

        private Power(String kind, String argument) {
            this.kind = kind;
            this.argument = argument;
        }

        private Power says(String text) {
            this.says = text;
            return this;
        }

        /** @param works what using it gives */
        private void assertKept(Jdk jdk, long works) {
            Jvm network = Checked.jvm(jdk).fixture().through("unshare", "--net");
            try (Child jvm = Checked.start(network)) {
                int first = open(jvm, kind, argument);
                assertThat(Checked.assertFinds(jdk, jvm, "descriptor")).contains("descriptor " + first + " " + says);
                assertThat(jvm.ask("close " + first)).isEqualTo("ok 0");
                Checked.assertFinds(jdk, jvm);
                int second = open(jvm, kind, argument);
                assertThat(drop(jvm)).contains("descriptor " + second + " " + says);
                assertThat(jvm.ask("use " + kind + " " + second)).isEqualTo("ok " + works);
                assertThat(jvm.ask("power " + kind + " " + argument)).startsWith("ok -");
            }
        }
    }
}

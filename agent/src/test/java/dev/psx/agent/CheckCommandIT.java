package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.Checked;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.Cli;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.StatusFiles;
import dev.psx.agent.testing.Trees;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;

/** What the command says and leaves alone. */
@RootOnly
class CheckCommandIT {

    private static final long PRCTL = System.getProperty("os.arch").equals("aarch64") ? 167 : 157;
    private static final int PR_GET_DUMPABLE = 3;

    @TempDir
    Path directory;

    @EachJdk
    void aCleanJvmBreaksNothing(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.jvm(jdk))) {
            String output = Checked.assertFinds(jdk, jvm);
            assertThat(output).endsWith("\nfeasible: nothing breaks");
            assertThat(output.lines())
                    .containsSubsequence(
                            "the drop, in order:",
                            "  supplementary groups: 65534",
                            "  user ids (real, effective, saved, file system): 65534 (nobody)",
                            "by these calls on every task:",
                            "  setgroups(65534)",
                            "  setresgid(65534, 65534, 65534)",
                            "  setresuid(65534, 65534, 65534)");
        }
    }

    /** Without a process it is about a JVM that is started in the same way. */
    @EachJdk
    void aJvmThatIsStartedLikeTheCommand(Jdk jdk) {
        String[] clean = {"-Duser.name=nobody", "-Duser.home=/var/tmp"};
        try (Child check = run(jdk, clean)) {
            assertThat(check.exitCode()).as(check.transcript()).isZero();
            assertThat(check.stderr()).isEmpty();
            assertThat(Checked.names(String.join("\n", check.stdout()))).isEmpty();
        }
        try (Child check = run(jdk, "-Djava.io.tmpdir=/root", clean[0], clean[1])) {
            assertThat(check.exitCode()).as(check.transcript()).isZero();
            assertThat(Checked.names(String.join("\n", check.stdout()))).containsExactly("tmpdir");
        }
    }

    private static Child run(Jdk jdk, String... options) {
        String jar = Artifacts.agentJar().toString();
        Child child = Jvm.of(jdk)
                .through("env", "-C", "/")
                .option(options)
                .program("-jar", jar, "check", "user=nobody")
                .start();
        child.exitCode();
        return child;
    }

    @EachJdk
    void aDropThatFailsIsNotFeasible(Jdk jdk) {
        String[] without = {"setpriv", "--bounding-set", "-setuid", "--inh-caps", "-setuid"};
        try (Child jvm = Checked.start(Checked.jvm(jdk).through(without));
                Child check = Cli.run(jdk, "check", "user=nobody", "--pid", Long.toString(jvm.pid()))) {
            assertThat(check.exitCode()).as(check.transcript()).isEqualTo(1);
            assertThat(check.stdout())
                    .last()
                    .asString()
                    .startsWith("not feasible: setresuid(65534, 65534, 65534) failed: EPERM")
                    .contains("CAP_SETUID");
        }
    }

    @EachJdk
    void refusesWhatIsNoJvm(Jdk jdk) {
        try (Child other = Child.start(List.of("sleep", "60"));
                Child check = Cli.run(jdk, "check", "user=nobody", "--pid", Long.toString(other.pid()))) {
            assertThat(check.exitCode()).isEqualTo(3);
            assertThat(check.stdout()).isEmpty();
            assertThat(check.stderr()).singleElement().asString().contains("no HotSpot JVM");
        }
    }

    /** Whoever opened it would wait for a writer. */
    @EachJdk
    void anArgumentFileThatIsAFifo(Jdk jdk) throws IOException, InterruptedException {
        Trees.mode(directory, "rwxr-xr-x");
        Path file = Files.writeString(directory.resolve("arguments"), "-Djava.io.tmpdir=/root");
        try (Child jvm = Checked.start(Checked.jvm(jdk).option("@" + file))) {
            Checked.assertFinds(jdk, jvm, "tmpdir");
            Files.delete(file);
            assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                    .isZero();
            Checked.assertFinds(jdk, jvm);
        }
    }

    @EachJdk
    void badOptionsAreUsageErrors(Jdk jdk) {
        for (String options : List.of("usr=nobody", "user=no-such-user", "user=0", "", "when=manual", "log=info")) {
            try (Child check = Cli.run(jdk, "check", options)) {
                assertThat(check.exitCode()).as(options + check.transcript()).isEqualTo(2);
                assertThat(check.stdout()).isEmpty();
                assertThat(check.stderr()).singleElement().asString().startsWith("psx-agent: ");
            }
        }
    }

    /** The properties of the JVM itself count when it is asked for them. */
    @EachJdk
    void asksTheJvmOnlyWhenTold(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.jvm(jdk))) {
            jvm.ask("set-property java.io.tmpdir /root");
            Checked.assertFinds(jdk, jvm);
            String pid = Long.toString(jvm.pid());
            try (Child check = Cli.run(jdk, "check", "user=nobody", "--attach", "--pid", pid)) {
                assertThat(Checked.names(String.join("\n", check.stdout()))).contains("tmpdir");
            }
        }
    }

    /** As a container's JVM is seen from its host: its files, ids and first task are in namespaces of their own. */
    @EachJdk
    void aJvmInNamespacesOfItsOwn(Jdk jdk) {
        String[] namespaces = {"unshare", "--pid", "--fork", "--mount-proc", "--kill-child"};
        try (Child parent = Checked.start(
                Checked.plain(jdk).through(namespaces).option("-Duser.name=nobody", "-Duser.home=/var/tmp"))) {
            long pid = ProcessHandle.of(parent.pid())
                    .orElseThrow()
                    .children()
                    .findFirst()
                    .orElseThrow()
                    .pid();
            try (Child check = Cli.run(jdk, "check", "user=nobody", "--pid", Long.toString(pid))) {
                assertThat(check.exitCode()).as(check.transcript()).isZero();
                String output = String.join("\n", check.stdout());
                assertThat(Checked.names(output)).containsExactly("hsperfdata");
                assertThat(output).contains("/tmp/hsperfdata_root/1 ");
            }
        }
    }

    /** Its root is no file system's: the kernel shows its paths from our root, and it must be looked at from its own. */
    @EachJdk
    void aJvmInAChroot(Jdk jdk) throws IOException {
        Path jail = Files.createDirectory(directory.resolve("jail"));
        Trees.mode(directory, "rwxr-xr-x");
        String[] inside = {
            "unshare", "--mount", "sh", "-c", "mount --rbind / " + jail + " && exec chroot " + jail + " \"$@\"", "sh"
        };
        Path file = Files.createFile(directory.resolve("log"));
        try (Child jvm = Checked.start(Checked.jvm(jdk).through(inside).option("-Djava.io.tmpdir=/root"))) {
            Checked.assertFinds(jdk, jvm, "tmpdir");
            jvm.ask("hold " + file);
            assertThat(Checked.assertFinds(jdk, jvm, "tmpdir", "open-for-writing"))
                    .contains("open-for-writing: " + file + " cannot");
        }
    }

    /** Its directory in /proc no longer shows the files of the process. */
    @EachJdk
    void aJvmWhoseFirstTaskHasEnded(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.jvm(jdk).fixture().option("-Djava.io.tmpdir=/root"))) {
            assertThat(jvm.ask("end-first-task")).startsWith("ok");
            Checked.assertFinds(jdk, jvm, "tmpdir");
        }
    }

    @EachJdk
    void refusesAnotherUserNamespace(Jdk jdk) {
        String[] namespace = {"unshare", "--user", "--map-root-user"};
        try (Child jvm = Jvm.of(jdk).through(namespace).start(Console.class)) {
            jvm.await("ready");
            try (Child check = Cli.run(jdk, "check", "user=nobody", "--pid", Long.toString(jvm.pid()))) {
                assertThat(check.exitCode()).as(check.transcript()).isEqualTo(3);
                assertThat(check.stderr()).singleElement().asString().contains("in another user namespace");
            }
        }
    }

    /** Inside the JVM that shall drop, whose memory the disposable process shares. */
    @EachJdk
    void changesNothingInTheJvm(Jdk jdk) throws IOException {
        try (Child jvm = Checked.start(Checked.jvm(jdk).fixture())) {
            String dumpable = "own-syscall " + PRCTL + " " + PR_GET_DUMPABLE + " 0 0";
            assertThat(jvm.ask(dumpable)).isEqualTo("ok 1");
            jvm.ask("check"); // loads what it needs
            Map<String, String> status = StatusFiles.of(jvm);
            String limits = limits(jvm);
            String files = files(jvm);
            assertThat(jvm.ask("check")).isEqualTo("ok ");
            Checked.assertFinds(jdk, jvm);
            assertThat(jvm.ask(dumpable)).isEqualTo("ok 1");
            assertThat(limits(jvm)).isEqualTo(limits);
            assertThat(files(jvm)).isEqualTo(files);
            Map<String, String> after = StatusFiles.of(jvm);
            status.keySet().retainAll(after.keySet()); // a compiler's thread may have ended
            assertThat(status).containsKey(Long.toString(jvm.pid())).hasSizeGreaterThan(10);
            assertThat(after).containsAllEntriesOf(status);
        }
    }

    @EachJdk
    void findsTheSameFromInside(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.plain(jdk).option("-Djava.io.tmpdir=/root"))) {
            Checked.assertFinds(jdk, jvm, "tmpdir", "hsperfdata", "user-properties");
            assertThat(jvm.ask("check")).isEqualTo("ok tmpdir hsperfdata user-properties");
        }
    }

    private static String files(Child jvm) {
        return String.join(" ", new TreeSet<>(List.of(new File("/proc/" + jvm.pid() + "/fd").list())));
    }

    /** Whoever is not root can look at his own JVM only, and learns that it cannot drop. */
    @EachJdk
    void withoutPrivileges(Jdk jdk) {
        String[] nobody = {"setpriv", "--reuid", "54321", "--regid", "54321", "--clear-groups"};
        try (Child roots = Checked.start(Checked.jvm(jdk));
                Child own = Checked.start(Checked.jvm(jdk).through(nobody))) {
            try (Child check = cli(jdk, nobody, own)) {
                assertThat(check.exitCode()).as(check.transcript()).isEqualTo(1);
                assertThat(check.stdout()).last().asString().startsWith("not feasible: setgroups(65534) failed: EPERM");
            }
            try (Child check = cli(jdk, nobody, roots)) {
                assertThat(check.exitCode()).as(check.transcript()).isEqualTo(3);
                assertThat(check.stderr()).singleElement().asString().contains("not allowed to look at process");
            }
        }
    }

    private static Child cli(Jdk jdk, String[] through, Child jvm) {
        String jar = Artifacts.agentJar().toString();
        Child child = Jvm.of(jdk)
                .through(through)
                .program("-jar", jar, "check", "user=nobody", "--pid", Long.toString(jvm.pid()))
                .start();
        child.exitCode();
        return child;
    }

    /** What holds already needs no privilege. */
    @EachJdk
    void aJvmThatHasDropped(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.jvm(jdk))) {
            Checked.drop(jvm);
            try (Child check = Cli.run(jdk, "check", "user=nobody", "--pid", Long.toString(jvm.pid()))) {
                assertThat(check.exitCode()).as(check.transcript()).isZero();
                assertThat(check.stdout()).contains("all of this holds already: no call is needed");
            }
        }
    }

    private static String limits(Child jvm) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(jvm.pid()), "limits"));
    }
}

package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.apps.DescendantApp;
import dev.psx.agent.testing.Account;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.StatusFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A new root directory, for every task, and without a way out for native code inside. */
@RootOnly
class ChrootIT {

    private static final String O_RDONLY = "0";
    private static final String WAY_OUT = "inside way-out /etc/passwd";

    @TempDir
    private Path jail;

    @BeforeEach
    void build() throws IOException {
        jail.toFile().setExecutable(true, false);
        jail.toFile().setReadable(true, false);
        Files.createDirectory(jail.resolve("work"));
        Files.writeString(jail.resolve("inside"), "inside");
    }

    @EachJdk
    void everyTaskIsInside(Jdk jdk) throws IOException {
        try (Child child = started(jdk)) {
            assertThat(child.ask("inside own-fs")).startsWith("ok ");
            assertThat(child.ask(WAY_OUT))
                    .as("the engine's own directory, before")
                    .isNotEqualTo("ok -1");
            assertThat(child.ask("apply user=daemon chroot=" + jail + " chdir=/work"))
                    .startsWith("ok dropped");

            assertLinks(child, "root", jail);
            assertLinks(child, "cwd", jail.resolve("work"));
            assertThat(child.ask("read /inside")).isEqualTo("ok inside");
            assertThat(child.ask("read /etc/passwd")).startsWith("failed");
            assertThat(child.ask("inside directories")).isNotEqualTo("ok 0");
            assertThat(child.ask(WAY_OUT)).isEqualTo("ok -1");
            // the engine goes on working with the directory that it has left
            assertThat(child.ask("posix setuid " + Account.named("daemon").uid()))
                    .isEqualTo("ok setuid");
            assertThat(child.ask("apply umask=077")).startsWith("ok dropped");
        }
    }

    /** The working directory must not stay outside either. */
    @EachJdk
    void withoutAWorkingDirectoryItIsTheRoot(Jdk jdk) throws IOException {
        try (Child child = started(jdk)) {
            assertThat(child.ask("apply user=daemon chroot=" + jail)).startsWith("ok dropped");
            assertLinks(child, "root", jail);
            assertLinks(child, "cwd", jail);
        }
    }

    /** Without CAP_SYS_ADMIN the engine's directory is closed instead. */
    @EachJdk
    void thereIsNoWayOutWithoutCapSysAdminEither(Jdk jdk) throws IOException {
        Jvm jvm = Jvm.of(jdk).through("setpriv", "--bounding-set=-sys_admin");
        try (Child child = started(jvm)) {
            assertThat(child.ask(WAY_OUT)).isNotEqualTo("ok -1");
            assertThat(child.ask("apply user=daemon chroot=" + jail))
                    .startsWith("ok dropped")
                    .contains("no broadcast is possible any more");
            assertLinks(child, "root", jail);
            assertThat(child.ask(WAY_OUT)).isEqualTo("ok -1");
            assertThat(child.ask("posix setuid 1")).startsWith("failed");
        }
    }

    /** One that is open already would be a way out; one inside is none. */
    @EachJdk
    void openDirectoriesOutsideAreRefused(Jdk jdk) throws IOException {
        try (Child child = started(jdk)) {
            assertThat(child.ask("inside open " + jail.resolve("work") + " " + O_RDONLY))
                    .startsWith("ok ");
            String descriptor = child.ask("inside open /var " + O_RDONLY).substring(3);
            Map<String, String> before = StatusFiles.of(child);
            assertThat(child.ask("apply user=daemon chroot=" + jail))
                    .startsWith("failed")
                    .contains("descriptor " + descriptor + " (/var)", "nothing has changed")
                    .doesNotContain("work");
            StatusFiles.assertUnchanged(before, child);
            assertThat(child.ask("check user=daemon chroot=" + jail)).contains("not feasible");
        }
    }

    /** As in many containers. Who cannot tell which threads share a root cannot change it; a umask can be set on each. */
    @EachJdk
    void withoutKcmpItIsRefused(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("inside own-fs")).startsWith("ok ");
            assertThat(child.ask("refuse kcmp")).isEqualTo("ok 0");
            Map<String, String> before = StatusFiles.of(child);
            assertThat(child.ask("apply user=daemon chroot=" + jail)).contains("lacks kcmp", "nothing has changed");
            StatusFiles.assertUnchanged(before, child);
            assertThat(child.ask("apply user=daemon umask=067 chdir=/tmp")).startsWith("ok dropped");
            assertThat(StatusFiles.of(child).values()).allMatch(status -> status.contains("Umask:\t0067"));
        }
    }

    /** A path would mean something else to it. */
    @EachJdk
    void aThreadWithAnotherRootIsRefused(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("inside own-root " + jail)).startsWith("ok ");
            assertThat(child.ask("apply user=daemon chroot=" + jail))
                    .contains("has another root directory than", "nothing has changed");
            assertThat(child.ask("apply user=daemon")).startsWith("ok dropped");
        }
    }

    /** The second of two would change it from inside, where the path leads elsewhere. */
    @EachJdk
    void threadsThatShareARootWithEachOtherOnlyAreRefused(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("inside own-fs-pair")).matches("ok [1-9][0-9]*");
            assertRefused(child, "share their root directory with each other");
            assertThat(child.ask("apply user=daemon chdir=/tmp umask=027")).startsWith("ok dropped");
        }
    }

    /** So do all others, if the calling thread has one of its own. */
    @EachJdk
    void aCallerThatSharesItsRootWithNobodyIsRefused(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("inside unshare-fs")).isEqualTo("ok 0");
            assertRefused(child, "share their root directory with each other");
        }
    }

    @EachJdk
    void aThreadThatSeesAnotherDirectoryThereIsRefused(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("inside own-mounts " + jail)).matches("ok [1-9][0-9]*");
            assertRefused(child, "in the mount namespace of task");
        }
    }

    /** Where descriptors cannot be listed, nobody could say that no directory is among them. */
    @EachJdk
    void withoutProcItIsRefused(Jdk jdk) throws IOException, InterruptedException {
        try (Child child = started(Jvm.of(jdk).through("unshare", "--mount"))) {
            assertThat(child.ask("inside open /var " + O_RDONLY)).startsWith("ok ");
            List<String> hide = List.of("nsenter", "-m", "-t", Long.toString(child.pid()), "umount", "-l", "/proc");
            assertThat(new ProcessBuilder(hide).inheritIO().start().waitFor()).isZero();
            Map<String, String> before = StatusFiles.of(child);
            assertThat(child.ask("apply user=daemon io-uring=allow chroot=" + jail))
                    .contains("/proc is hidden", "nothing has changed");
            StatusFiles.assertUnchanged(before, child);
        }
    }

    /** However long the way up is from there. */
    @EachJdk
    void aDeepDirectoryInsideIsNoWayOut(Jdk jdk) throws IOException {
        Path deep = Files.createDirectories(jail.resolve("d/".repeat(200)));
        try (Child child = started(jdk)) {
            assertThat(child.ask("inside open " + deep + " " + O_RDONLY)).startsWith("ok ");
            assertThat(child.ask("apply user=daemon chroot=" + jail)).startsWith("ok dropped");
        }
    }

    /** Files that are not inside are as many as there are files; what is found about them is not. */
    @EachJdk
    void whatIsMissingInsideIsOneFindingForAllFiles(Jdk jdk) {
        try (Child child = started(jdk)) {
            String answer = child.ask("apply user=daemon chroot=" + jail);
            assertThat(answer).containsPattern("java-home: [0-9]+ of [0-9]+ files .* and [0-9]+ more\\)");
            assertThat(answer.split("java-home: ", -1)).hasSize(2);
            assertThat(answer.split("class-path: ", -1)).hasSize(2);
            assertThat(answer.split(" warning: ", -1)).hasSizeLessThan(12);
        }
    }

    /** Its path leads nowhere inside, where a child starts. The files that a JVM needs are there, below another name than outside. */
    @EachJdk
    void oneThatIsInheritedIsRefusedAndSaysHow(Jdk jdk) {
        String mounts = "mount -t tmpfs none /mnt && mkdir /mnt/jail && cd / && for each in *; do"
                + " if [ -L $each ]; then cp -a $each /mnt/jail/; elif [ -d $each ] && [ $each != mnt ]; then"
                + " mkdir /mnt/jail/$each && mount --rbind $each /mnt/jail/$each; fi; done && exec \"$@\"";
        String access = jdk.version() < 22 ? "" : "--enable-native-access=ALL-UNNAMED ";
        String options = "user=daemon,chroot=/mnt/jail,chdir=/";
        Jvm jvm = Jvm.of(jdk)
                .through("unshare", "--mount", "sh", "-c", mounts, "sh")
                .environment("JAVA_TOOL_OPTIONS", access + "-javaagent:" + Artifacts.agentJar() + "=" + options);
        try (Child child = jvm.start(DescendantApp.class, "1", "0")) {
            assertThat(child.exitCode()).as(child.transcript()).isEqualTo(77);
            assertThat(child.stdout()).as("the child has not started").hasSize(1);
            List<String> said = child.stderr();
            assertThat(said.get(said.size() - 1))
                    .contains("chroot(/mnt/jail) failed: ENOENT", "lacks CAP_SYS_CHROOT", "must not be given chroot")
                    .contains("JAVA_TOOL_OPTIONS", "nothing has changed");
        }
    }

    private void assertRefused(Child child, String why) {
        Map<String, String> before = StatusFiles.of(child);
        assertThat(child.ask("apply user=daemon chroot=" + jail)).contains(why, "nothing has changed");
        StatusFiles.assertUnchanged(before, child);
    }

    private static void assertLinks(Child child, String name, Path target) throws IOException {
        Path tasks = Path.of("/proc", Long.toString(child.pid()), "task");
        try (DirectoryStream<Path> each = Files.newDirectoryStream(tasks)) {
            for (Path task : each) {
                assertThat(Files.readSymbolicLink(task.resolve(name)))
                        .as(task.toString())
                        .isEqualTo(target);
            }
        }
    }

    private static Child started(Jdk jdk) {
        return started(Jvm.of(jdk));
    }

    /** What is said inside later is said once before: its classes could not be loaded from outside. */
    private static Child started(Jvm jvm) {
        Child child = jvm.fixture().agent("").start(Console.class);
        child.await("ready");
        assertThat(child.ask("crowd 10 5 2")).startsWith("ok");
        assertThat(child.ask("inside directories")).startsWith("ok");
        assertThat(child.ask("read /proc/self/comm")).isEqualTo("ok java");
        assertThat(child.ask("read /none")).startsWith("failed");
        assertThat(child.ask("posix setgid -1")).startsWith("failed");
        return child;
    }
}

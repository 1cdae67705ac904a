package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.StatusFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Whatever call of a plan fails, no task has changed. */
@RootOnly
class AllOrNothingIT {

    private static final String NOTHING = "nothing has changed";
    private static final int SETRESUID = System.getProperty("os.arch").equals("aarch64") ? 147 : 117;

    /** Every kind of call that there is, in one program. */
    private static String everything(Path directory) {
        return "user=daemon caps=net_bind_service,kill ambient=kill securebits=noroot,noroot_locked,no_setuid_fixup_locked"
                + " umask=027 limit-nofile=300:400 limit-core=0:0 dumpable=yes chroot=" + directory;
    }

    /** From the last call to the first: a call that is refused stays so, and the first of them is the one that fails. */
    @EachJdk
    void everyCallOfAPlanMayFail(Jdk jdk, @TempDir Path directory) throws IOException {
        directory.toFile().setExecutable(true, false);
        String plan = everything(directory);
        try (Child child = started(jdk)) {
            int calls = Integer.parseInt(child.ask("calls " + plan).substring(3));
            assertThat(calls).isGreaterThanOrEqualTo(55);
            String limits = limits(child);
            int refused = 0;
            for (int call = calls - 1; call >= 0; call--) {
                String denied = child.ask("deny " + call + " " + plan);
                assertThat(denied).startsWith("ok ");
                if (denied.equals("ok none")) {
                    continue;
                }
                refused++;
                Map<String, String> before = StatusFiles.of(child);
                String name = denied.substring(3, denied.indexOf('('));
                assertThat(child.ask("apply " + plan))
                        .as(denied)
                        .startsWith("failed dev.psx.ErrnoException " + name + "(")
                        .contains("EIO", NOTHING);
                StatusFiles.assertUnchanged(before, child);
            }
            assertThat(refused).isGreaterThanOrEqualTo(55);
            assertThat(limits(child)).isEqualTo(limits);
        }
    }

    /** The control: with nothing in its way the same plan goes through, and the process shows it. */
    @EachJdk
    void withoutAFailureItIsCarriedOut(Jdk jdk, @TempDir Path directory) {
        directory.toFile().setExecutable(true, false);
        try (Child child = started(jdk, "150 40 10")) {
            Map<String, String> before = StatusFiles.of(child);
            assertThat(child.ask("apply " + everything(directory))).startsWith("ok dropped");
            assertThat(StatusFiles.of(child))
                    .doesNotContainEntry(Long.toString(child.pid()), before.get(Long.toString(child.pid())));
            assertThat(OutsideView.tasks(child.pid())).allSatisfy(task -> {
                assertThat(task.uid()).doesNotContain(0);
                assertThat(task.capPermitted()).isEqualTo(1L << 10 | 1L << 5);
                assertThat(task.capAmbient()).isEqualTo(1L << 5);
            });
        }
    }

    @EachJdk
    void missingPrivilegesAndBadPathsChangeNothing(Jdk jdk, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        directory.toFile().setExecutable(true, false);
        refused(jdk, "-setpcap", "user=daemon", "PR_CAPBSET_DROP", "CAP_SETPCAP");
        refused(jdk, "-setgid", "user=daemon", "setgroups", "CAP_SETGID");
        refused(jdk, "-setuid", "user=daemon", "setresuid", "CAP_SETUID");
        refused(jdk, "-sys_chroot", "chroot=" + directory, "chroot(", "CAP_SYS_CHROOT");
        refused(jdk, "-kill", "user=daemon caps=kill bounding=", "capset", "EPERM");
        refused(jdk, "+kill", "chroot=" + directory + "/none", "ENOENT");
        refused(jdk, "+kill", "user=daemon chroot=" + directory + " chdir=/none", "chdir(/none)", "ENOENT");
        refused(jdk, "+kill", "user=daemon chdir=" + file, "chdir(", "ENOTDIR");
        refused(jdk, "+kill", "user=daemon chdir=/root", "chdir(/root)", "EACCES");
        refused(jdk, "+kill", "user=daemon limit-nofile=1:" + (1L << 40), "prlimit64", "EPERM");
    }

    /** The bit that would change is locked. */
    @EachJdk
    void lockedSecureBitsChangeNothing(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(
                            child.ask(
                                    "apply nnp=no securebits=keep_caps_locked,no_cap_ambient_raise,no_cap_ambient_raise_locked"))
                    .startsWith("ok dropped");
            Map<String, String> before = StatusFiles.of(child);
            assertThat(child.ask("apply user=daemon caps=kill"))
                    .contains("ErrnoException prctl(PR_SET_KEEPCAPS, 1) failed: EPERM", NOTHING);
            assertThat(child.ask("apply caps=kill ambient=kill"))
                    .contains("ErrnoException prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE", NOTHING);
            assertThat(child.ask("apply securebits=noroot"))
                    .contains("ErrnoException prctl(PR_SET_SECUREBITS, 0x1) failed: EPERM", NOTHING);
            StatusFiles.assertUnchanged(before, child);
        }
    }

    /** A thread that has given up its privileges by itself could not follow: that is seen before anything happens. */
    @EachJdk
    void aTaskThatMayLessThanTheOthersChangesNothing(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("on-own-thread own-syscall " + SETRESUID + " 65534 65534 65534"))
                    .isEqualTo("ok 0");
            Map<String, String> before = StatusFiles.of(child);
            assertThat(child.ask("apply user=daemon"))
                    .contains("tasks differ already, and task", "is not allowed to change its groups", NOTHING);
            assertThat(child.ask("apply user=daemon groups=keep group=keep bounding=keep"))
                    .contains("is not allowed to change its user ids", NOTHING);
            assertThat(child.ask("check user=daemon")).contains("not feasible", "tasks differ already");
            StatusFiles.assertUnchanged(before, child);
            // what it may do, it does
            assertThat(child.ask("apply user=nobody groups=keep group=keep bounding=keep"))
                    .startsWith("ok dropped");
        }
    }

    private static void refused(Jdk jdk, String bounding, String plan, String... words) {
        Jvm jvm = Jvm.of(jdk).fixture().agent("").through("setpriv", "--bounding-set=" + bounding);
        try (Child child = jvm.start(Console.class)) {
            child.await("ready");
            Map<String, String> before = StatusFiles.of(child);
            assertThat(child.ask("apply " + plan))
                    .as(plan)
                    .startsWith("failed dev.psx.ErrnoException")
                    .contains(words)
                    .contains(NOTHING);
            StatusFiles.assertUnchanged(before, child);
            assertThat(child.ask("check " + plan)).startsWith("ok").contains("not feasible", NOTHING);
            StatusFiles.assertUnchanged(before, child);
        }
    }

    private static Child started(Jdk jdk) {
        return started(jdk, "10 5 2");
    }

    private static Child started(Jdk jdk, String crowd) {
        Child child = Jvm.of(jdk).fixture().agent("").start(Console.class);
        child.await("ready");
        assertThat(child.ask("crowd " + crowd)).startsWith("ok");
        return child;
    }

    private static String limits(Child child) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(child.pid()), "limits"));
    }
}

package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Account;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.Ports;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.TaskView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;

/** Capabilities that a plan keeps, takes and hands on, on every task of a crowd. */
@RootOnly
class PlanIT {

    private static final String CROWD = "10 20 180";
    private static final long NET_BIND_SERVICE = 1L << 10;
    private static final long SETUID = 1L << 7;
    private static final int PRCTL = System.getProperty("os.arch").equals("aarch64") ? 167 : 157;
    private static final int PR_GET_KEEPCAPS = 7;
    private static final int PR_GET_SECUREBITS = 27;

    @EachJdk
    void aKeptCapabilityWorksAndNothingElseDoes(Jdk jdk, @TempDir Path directory) throws IOException {
        Path secret = secret(directory);
        try (Child child = started(jdk, CROWD)) {
            assertThat(OutsideView.tasks(child.pid())).hasSizeGreaterThan(200);
            assertThat(child.ask("read " + secret)).isEqualTo("ok secret");
            assertThat(child.ask("apply user=daemon caps=net_bind_service")).startsWith("ok dropped");

            int daemon = Account.named("daemon").uid();
            each(child, task -> {
                assertThat(task.uid()).containsOnly(daemon);
                assertThat(sets(task)).containsExactly(0L, NET_BIND_SERVICE, NET_BIND_SERVICE, NET_BIND_SERVICE, 0L);
                assertThat(task.noNewPrivs()).isOne();
            });
            assertThat(child.ask("on-own-thread listen socket " + Ports.privileged()))
                    .startsWith("ok socket");
            assertThat(child.ask("read " + secret)).contains("AccessDenied");
            assertThat(child.ask("spawn grep CapEff /proc/self/status")).endsWith("0000000000000000");
            assertThat(child.ask("own-syscall " + PRCTL + " " + PR_GET_KEEPCAPS + " 0 0"))
                    .isEqualTo("ok 0");
        }
    }

    /** The control: no capability, no port. */
    @EachJdk
    void withoutItThePortIsRefused(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("apply user=daemon")).startsWith("ok dropped");
            each(child, task -> assertThat(sets(task)).containsOnly(0L));
            assertThat(child.ask("on-own-thread listen socket " + Ports.privileged()))
                    .startsWith("failed");
        }
    }

    @EachJdk
    void childrenInheritWhatIsAmbient(Jdk jdk) {
        try (Child child = started(jdk)) {
            String plan =
                    "user=daemon caps=net_bind_service,kill ambient=net_bind_service bounding=net_bind_service,chown";
            assertThat(child.ask("apply " + plan)).startsWith("ok dropped");
            long kept = NET_BIND_SERVICE | 1L << 5;
            each(
                    child,
                    task -> assertThat(sets(task))
                            .containsExactly(NET_BIND_SERVICE, kept, kept, NET_BIND_SERVICE | 1, NET_BIND_SERVICE));
            assertThat(child.ask("spawn grep CapEff /proc/self/status")).endsWith("0000000000000400");
            assertThat(child.ask("apply " + plan)).startsWith("ok nothing to change");
        }
    }

    @EachJdk
    void rootWithoutItsPowersStaysWithoutThem(Jdk jdk, @TempDir Path directory) throws IOException {
        try (Child child = started(jdk)) {
            assertThat(child.ask("apply user=root")).startsWith("failed").contains("noroot");
            String plan = "user=root groups= caps= nnp=no securebits=noroot,noroot_locked,keep_caps_locked";
            assertThat(child.ask("apply " + plan)).startsWith("ok dropped");
            each(child, task -> assertThat(sets(task)).containsOnly(0L));
            assertThat(child.ask("syscall " + PRCTL + " " + PR_GET_SECUREBITS + " 0 0"))
                    .isEqualTo("ok " + 0x23);
            assertThat(child.ask("spawn grep CapEff /proc/self/status")).endsWith("0000000000000000");
            assertThat(child.ask("apply " + plan)).startsWith("ok nothing to change");
        }
        try (Child child = started(jdk)) { // the control: without the bit a program gets them back
            assertThat(child.ask("apply caps= bounding=setuid,chown nnp=no")).startsWith("ok dropped");
            each(child, task -> assertThat(sets(task)).containsExactly(0L, 0L, 0L, SETUID | 1, 0L));
            assertThat(child.ask("spawn grep CapEff /proc/self/status")).endsWith("0000000000000081");
        }
    }

    @EachJdk
    void secureBitsAreSetAlthoughTheUserChanges(Jdk jdk) {
        try (Child child = started(jdk)) {
            String plan = "user=daemon caps=kill securebits=no_setuid_fixup,noroot,noroot_locked";
            assertThat(child.ask("apply " + plan)).startsWith("ok dropped");
            assertThat(child.ask("syscall " + PRCTL + " " + PR_GET_SECUREBITS + " 0 0"))
                    .isEqualTo("ok " + 0x7);
            each(child, task -> assertThat(sets(task)).containsExactly(0L, 32L, 32L, 32L, 0L));
            assertThat(child.ask("apply " + plan)).startsWith("ok nothing to change");
        }
    }

    /** What is kept on purpose is not refused, but it is named. */
    @EachJdk
    void capabilitiesThatAmountToRootAreNamed(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("apply user=daemon caps=setuid,kill"))
                    .startsWith("ok dropped")
                    .contains("warning: the kept capabilities cap_setuid amount to root");
            assertThat(child.ask("posix setuid 0")).isEqualTo("ok setuid");
        }
        try (Child child = started(jdk)) {
            assertThat(child.ask("apply user=daemon caps=kill"))
                    .startsWith("ok dropped")
                    .doesNotContain("warning");
            assertThat(child.ask("posix setuid 0")).startsWith("failed");
        }
    }

    @EachJdk
    void allMayBeKeptAcrossAChangeOfUser(Jdk jdk) {
        try (Child child = started(jdk)) {
            TaskView root = OutsideView.tasks(child.pid()).get(0);
            assertThat(child.ask("apply user=daemon caps=keep"))
                    .startsWith("ok dropped")
                    .contains("amount to root");
            each(child, task -> {
                assertThat(task.uid()).doesNotContain(0);
                assertThat(sets(task))
                        .containsExactly(0L, root.capPermitted(), root.capEffective(), root.capBounding(), 0L);
            });
        }
    }

    private static Child started(Jdk jdk) {
        return started(jdk, "20 5 2");
    }

    private static Child started(Jdk jdk, String crowd) {
        Child child = Jvm.of(jdk).fixture().agent("").start(Console.class);
        child.await("ready");
        assertThat(child.ask("crowd " + crowd)).startsWith("ok");
        return child;
    }

    private static void each(Child child, Consumer<TaskView> check) {
        assertThat(OutsideView.tasks(child.pid())).hasSizeGreaterThan(20).allSatisfy(check);
    }

    private static Long[] sets(TaskView task) {
        return new Long[] {
            task.capInheritable(), task.capPermitted(), task.capEffective(), task.capBounding(), task.capAmbient()
        };
    }

    private static Path secret(Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), "secret");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}

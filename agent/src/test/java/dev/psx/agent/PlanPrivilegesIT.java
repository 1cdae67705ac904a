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
import dev.psx.agent.testing.TaskView;
import java.util.Map;
import java.util.function.Consumer;

/** Plans where not everything is allowed: as another user than root, without CAP_SETPCAP, in a user namespace. */
@RootOnly
class PlanPrivilegesIT {

    private static final int PRCTL = System.getProperty("os.arch").equals("aarch64") ? 167 : 157;
    private static final String SECURE_BITS = "syscall " + PRCTL + " 27 0 0";

    @EachJdk
    void muchNeedsNoPrivilege(Jdk jdk) {
        try (Child child = started(jdk, "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")) {
            String plan =
                    "caps= bounding=keep nnp=yes umask=077 limit-nofile=200:300 dumpable=no chdir=/ keyring=private";
            assertThat(child.ask("apply " + plan)).startsWith("ok dropped");
            each(child, task -> assertThat(task.noNewPrivs()).isOne());
            assertThat(StatusFiles.of(child).values()).allMatch(status -> status.contains("Umask:\t0077"));
            assertThat(child.ask("apply " + plan)).startsWith("ok nothing to change");
            refused(child, "caps=", "PR_CAPBSET_DROP");
            refused(child, "securebits=noroot", "PR_SET_SECUREBITS");
            refused(child, "chroot=/tmp", "CAP_SYS_CHROOT");
            refused(child, "caps=kill", "PR_CAPBSET_DROP");
            assertThat(child.ask("apply caps=kill bounding=keep"))
                    .startsWith("ok nothing to change")
                    .contains("the process has lost what the plan keeps: cap_kill;");
        }
    }

    /** As containers are often made: the bounding set cannot be changed, and need not be. */
    @EachJdk
    void withoutSetpcapTheBoundingSetMayStay(Jdk jdk) {
        try (Child child = started(jdk, "setpriv", "--bounding-set=-setpcap")) {
            refused(child, "user=daemon", "CAP_SETPCAP");
            refused(child, "user=daemon bounding=keep securebits=noroot", "capset");
            long bounding = OutsideView.tasks(child.pid()).get(0).capBounding();
            assertThat(child.ask("apply user=daemon caps=net_bind_service bounding=keep"))
                    .startsWith("ok dropped");
            each(child, task -> {
                assertThat(task.uid()).containsOnly(1);
                assertThat(task.capEffective()).isEqualTo(1L << 10);
                assertThat(task.capBounding()).isEqualTo(bounding);
            });
        }
    }

    /** The only user that there is has uid 0: what makes it root can be taken all the same. */
    @EachJdk
    void inAUserNamespaceRootGivesUpItsPowers(Jdk jdk) {
        try (Child child = started(jdk, "unshare", "--user", "--map-root-user")) {
            refused(child, "user=daemon groups=keep", "EINVAL");
            String plan = "user=0 group=keep groups=keep securebits=noroot,noroot_locked umask=027";
            assertThat(child.ask("apply " + plan)).startsWith("ok dropped");
            each(child, task -> {
                assertThat(task.capPermitted() | task.capBounding()).isZero();
                assertThat(task.noNewPrivs()).isOne();
            });
            assertThat(child.ask(SECURE_BITS)).isEqualTo("ok 3");
            assertThat(child.ask("apply " + plan)).startsWith("ok nothing to change");
        }
    }

    @EachJdk
    void inAUserNamespaceCapabilitiesAreKeptAndTakenAsElsewhere(Jdk jdk) {
        try (Child child = started(jdk, "unshare", "--user", "--map-root-user", "--mount")) {
            assertThat(child.ask("apply caps=net_bind_service chdir=/tmp limit-core=0:0"))
                    .startsWith("ok dropped");
            each(child, task -> assertThat(task.capEffective()).isEqualTo(1L << 10));
        }
    }

    private static void refused(Child child, String plan, String... words) {
        Map<String, String> before = StatusFiles.of(child);
        assertThat(child.ask("apply " + plan))
                .as(plan)
                .startsWith("failed")
                .contains(words)
                .contains("nothing has changed");
        StatusFiles.assertUnchanged(before, child);
    }

    private static void each(Child child, Consumer<TaskView> check) {
        assertThat(OutsideView.tasks(child.pid())).hasSizeGreaterThan(10).allSatisfy(check);
    }

    private static Child started(Jdk jdk, String... through) {
        Child child = Jvm.of(jdk).fixture().agent("").through(through).start(Console.class);
        child.await("ready");
        assertThat(child.ask("crowd 10 5 2")).startsWith("ok");
        return child;
    }
}

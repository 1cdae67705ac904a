package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.Cli;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** What a drop refuses before its first call: the command says so, too, from outside. */
@RootOnly
class CheckRefusalsIT {

    private static final int SETRESUID = System.getProperty("os.arch").equals("aarch64") ? 147 : 117;
    private static final String SQPOLL = "2";
    private static final String O_RDONLY = "0";

    @TempDir
    private Path jail;

    @EachJdk
    void tooFewDescriptors(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertRefused(jdk, child, "user=daemon,limit-nofile=5", "the limit nofile of 5 is too low");
            assertRefused(jdk, child, "user=daemon,limit-nofile=20", "the limit nofile of 20 is too low");
            assertFeasible(jdk, child, "user=daemon,limit-nofile=1000");
        }
    }

    /** Without a process as well. */
    @EachJdk
    void tooFewDescriptorsForAnyJvm(Jdk jdk) {
        for (String limit : new String[] {"5", "20"}) {
            try (Child check = Cli.run(jdk, "check", "user=daemon,limit-nofile=" + limit)) {
                assertThat(check.exitCode()).as(check.transcript()).isEqualTo(1);
                assertThat(check.stdout())
                        .last()
                        .asString()
                        .startsWith("not feasible: the limit nofile of " + limit + " is too low")
                        .endsWith("raise it");
            }
        }
    }

    @EachJdk
    void anOpenDirectoryOutsideTheNewRoot(Jdk jdk) {
        try (Child child = started(jdk)) {
            String options = "user=daemon,chroot=" + jail;
            assertFeasible(jdk, child, options); // although the engine has a directory open
            assertThat(child.ask("inside open " + jail + " " + O_RDONLY)).startsWith("ok ");
            assertFeasible(jdk, child, options);
            String descriptor = child.ask("inside open /var " + O_RDONLY).substring(3);
            assertRefused(jdk, child, options, "descriptor " + descriptor + " (/var)");
        }
    }

    /** Its paths begin elsewhere, and so does its new root directory. */
    @EachJdk
    void anOpenDirectoryOutsideTheNewRootOfAJvmInAChroot(Jdk jdk) {
        String[] inside = {
            "unshare", "--mount", "sh", "-c", "mount --rbind / " + jail + " && exec chroot " + jail + " \"$@\"", "sh"
        };
        try (Child child = started(Jvm.of(jdk).through(inside))) {
            String options = "user=daemon,chroot=/usr";
            assertFeasible(jdk, child, options);
            assertThat(child.ask("inside open /usr/lib " + O_RDONLY)).startsWith("ok ");
            assertFeasible(jdk, child, options);
            assertThat(child.ask("inside open /var " + O_RDONLY)).startsWith("ok ");
            assertRefused(jdk, child, options, "(/var)");
        }
    }

    @EachJdk
    void threadsThatCannotChangeTheirRootAlike(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("inside own-fs-pair")).startsWith("ok ");
            assertRefused(jdk, child, "user=daemon,chroot=" + jail, "share their root directory with each other");
        }
        try (Child child = started(jdk)) {
            assertThat(child.ask("inside own-root " + jail)).startsWith("ok ");
            assertRefused(jdk, child, "user=daemon,chroot=" + jail, "has another root directory than");
        }
    }

    @EachJdk
    void ringsThatAreNotWanted(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("ring open 0")).startsWith("ok ");
            assertRefused(jdk, child, "user=daemon,io-uring=refuse", "is an io_uring ring");
            assertFeasible(jdk, child, "user=daemon");
        }
    }

    @EachJdk
    void aPollerOfAnotherProcess(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("ring adopt " + SQPOLL + " " + jail)).startsWith("ok ");
            assertRefused(jdk, child, "user=daemon", "is an io_uring ring of another process, whose poller ");
            assertFeasible(jdk, child, "umask=077");
        }
    }

    @EachJdk
    void threadsOfWhichOneMayNotWhatTheOthersMay(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("on-own-thread own-syscall " + SETRESUID + " 65534 65534 65534"))
                    .isEqualTo("ok 0");
            assertRefused(jdk, child, "user=daemon", "tasks differ already");
        }
    }

    /** The command and the drop itself, for the same reason. */
    private static void assertRefused(Jdk jdk, Child child, String options, String why) {
        try (Child check = check(jdk, child, options)) {
            assertThat(check.exitCode()).as(check.transcript()).isEqualTo(1);
            assertThat(check.stderr()).isEmpty();
            assertThat(check.stdout())
                    .last()
                    .asString()
                    .startsWith("not feasible: ")
                    .contains(why)
                    .doesNotContain("not begun", "nothing has changed");
        }
        assertThat(child.ask("apply " + options.replace(',', ' ')))
                .startsWith("failed")
                .contains(why, "the drop was not begun", "nothing has changed");
    }

    private static void assertFeasible(Jdk jdk, Child child, String options) {
        try (Child check = check(jdk, child, options)) {
            assertThat(check.exitCode()).as(check.transcript()).isZero();
            assertThat(check.stdout()).last().asString().startsWith("feasible");
        }
    }

    private static Child check(Jdk jdk, Child child, String options) {
        return Cli.run(jdk, "check", options, "--pid", Long.toString(child.pid()));
    }

    private static Child started(Jdk jdk) {
        return started(Jvm.of(jdk).through("env", "-C", "/"));
    }

    private static Child started(Jvm jvm) {
        Child child = jvm.fixture().agent("").start(Console.class);
        child.await("ready");
        return child;
    }
}

package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Account;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.Cli;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.StatusFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** No io_uring ring may keep credentials of before the drop. */
@RootOnly
class RingIT {

    private static final String SQPOLL = "2";
    private static final String SINGLE_ISSUER = "0x1000";
    private static final String DISABLED = "0x40";
    private static final String REFUSED = "ok -13";

    /** Without no_new_privs and anything else: the plain setuid of the controls, by the engine's own broadcast. */
    private static final String PLAIN_SETUID = "posix setresuid 65534 65534 65534";

    @TempDir
    private Path directory;

    private Path secret;

    @BeforeEach
    void writeSecret() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        secret = Files.writeString(directory.resolve("secret"), "secret");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    }

    @EachJdk
    void aPollerIsRefusedAndWithItClosedTheDropGoesThrough(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(check(jdk, child)).isEqualTo("0 ");
            String descriptor = child.ask("ring open " + SQPOLL).substring(3);
            assertThat(check(jdk, child)).startsWith("1 not feasible: the io_uring poller ");
            assertThat(child.ask("ring try " + secret + " 0")).isEqualTo("ok 0");
            Map<String, String> before = StatusFiles.of(child);
            assertThat(child.ask("apply user=daemon"))
                    .startsWith("failed dev.psx.UnreachableException")
                    .contains("iou-sqp-", "descriptor " + descriptor + ",");
            assertThat(child.ask("apply user=daemon io-uring=allow")).startsWith("failed");
            StatusFiles.assertUnchanged(before, child);
            assertThat(child.ask("ring close")).isEqualTo("ok 0");
            assertThat(child.ask("apply-when-free user=daemon")).startsWith("ok dropped");
            Account.named("daemon").assertDropped(child);
        }
    }

    /** A child has made it and handed it over: its poller is no task of this process, and no less a way around. */
    @EachJdk
    void aRingOfAnotherProcessIsRefusedWithItsPoller(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("ring adopt " + SQPOLL + " " + secret)).startsWith("ok ");
            Map<String, String> before = StatusFiles.of(child);
            for (String plan : List.of("user=daemon", "user=daemon io-uring=allow")) {
                assertThat(child.ask("apply " + plan))
                        .startsWith("failed java.lang.IllegalStateException")
                        .contains("is an io_uring ring of another process, whose poller ", "nothing has changed");
            }
            StatusFiles.assertUnchanged(before, child);
            assertThat(child.ask("apply umask=077")).startsWith("ok dropped");
            assertThat(child.ask("ring close")).isEqualTo("ok 0");
            assertThat(child.ask("apply user=daemon")).startsWith("ok dropped").contains("not reached: process ");
            Account.named("daemon").assertDropped(child);
        }
        try (Child child = started(jdk)) { // the control
            assertThat(child.ask("ring adopt " + SQPOLL + " " + secret)).startsWith("ok ");
            assertThat(child.ask(PLAIN_SETUID)).startsWith("ok");
            assertThat(child.ask("read " + secret)).startsWith("failed");
            assertThat(child.ask("ring try " + secret + " 0")).isEqualTo("ok 0");
        }
    }

    /** Credentials of a ring that came from elsewhere, and that somebody else still holds. */
    @EachJdk
    void credentialsOfAnotherProcessAreForgotten(Jdk jdk) {
        try (Child child = started(jdk)) {
            String number = child.ask("ring adopt 0 " + secret).substring(3);
            assertThat(child.ask("ring try " + secret + " " + number)).isEqualTo("ok 0");
            assertThat(child.ask("apply user=daemon"))
                    .startsWith("ok dropped")
                    .contains("1 credentials registered with io_uring rings were unregistered");
            assertThat(child.ask("ring try " + secret + " " + number)).isEqualTo("ok -22");
            assertThat(child.ask("ring try " + secret + " 0")).isEqualTo(REFUSED);
        }
        try (Child child = started(jdk)) { // the control
            String number = child.ask("ring adopt 0 " + secret).substring(3);
            assertThat(child.ask(PLAIN_SETUID)).startsWith("ok");
            assertThat(child.ask("ring try " + secret + " 0")).isEqualTo(REFUSED);
            assertThat(child.ask("ring try " + secret + " " + number)).isEqualTo("ok 0");
        }
    }

    /** A ring that is not enabled yet is made to forget like any other. */
    @EachJdk
    void aDisabledRingForgetsToo(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("ring open " + DISABLED)).startsWith("ok ");
            assertThat(child.ask("ring register")).isEqualTo("ok 1");
            assertThat(child.ask("apply user=daemon")).startsWith("ok dropped").contains("1 credentials registered");
        }
    }

    @EachJdk
    void aPersonalityIsForgotten(Jdk jdk) {
        try (Child child = started(jdk)) {
            String number = openWithPersonality(child);
            assertThat(child.ask("apply user=daemon"))
                    .startsWith("ok dropped")
                    .contains("1 credentials registered with io_uring rings were unregistered");
            assertThat(child.ask("ring try " + secret + " 0")).isEqualTo(REFUSED);
            assertThat(child.ask("ring try " + secret + " " + number)).isEqualTo("ok -22");
        }
        try (Child child = started(jdk)) { // the control
            String number = openWithPersonality(child);
            assertThat(child.ask("apply user=daemon io-uring=allow")).startsWith("ok dropped");
            assertThat(child.ask("ring try " + secret + " 0")).isEqualTo(REFUSED);
            assertThat(child.ask("ring try " + secret + " " + number)).isEqualTo("ok 0");
        }
    }

    /** Not to see a ring is not the same as that there is none. */
    @EachJdk
    void whereRingsCannotBeSeenTheDropIsRefused(Jdk jdk) throws IOException, InterruptedException {
        try (Child child = started(Jvm.of(jdk).through("unshare", "--mount"))) {
            openWithPersonality(child);
            List<String> hide = List.of("nsenter", "-m", "-t", Long.toString(child.pid()), "umount", "-l", "/proc");
            assertThat(new ProcessBuilder(hide).inheritIO().start().waitFor()).isZero();
            Map<String, String> before = StatusFiles.of(child);
            assertThat(child.ask("apply user=daemon")).contains("cannot be listed", "nothing has changed");
            assertThat(child.ask("apply user=daemon io-uring=refuse")).contains("cannot be listed");
            StatusFiles.assertUnchanged(before, child);
            assertThat(child.ask("apply user=daemon io-uring=allow")).startsWith("ok dropped");
        }
    }

    /** The controls of what an engine cannot see: both still read what only root may. */
    @EachJdk
    void aPlainSetuidLeavesBothOpen(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("ring open " + SQPOLL)).startsWith("ok ");
            assertThat(child.ask(PLAIN_SETUID)).startsWith("ok");
            assertThat(child.ask("read " + secret)).startsWith("failed");
            assertThat(child.ask("ring try " + secret + " 0")).isEqualTo("ok 0");
        }
        try (Child child = started(jdk)) {
            String number = openWithPersonality(child);
            assertThat(child.ask(PLAIN_SETUID)).startsWith("ok");
            assertThat(child.ask("ring try " + secret + " 0")).isEqualTo(REFUSED);
            assertThat(child.ask("ring try " + secret + " " + number)).isEqualTo("ok 0");
        }
    }

    @EachJdk
    void aRingMayBeRefusedAltogether(Jdk jdk) {
        try (Child child = started(jdk)) {
            String descriptor = child.ask("ring open 0").substring(3);
            assertThat(child.ask("apply user=daemon io-uring=refuse"))
                    .startsWith("failed")
                    .contains("descriptor " + descriptor + " is an io_uring ring");
            assertThat(child.ask("ring close")).isEqualTo("ok 0");
            assertThat(child.ask("apply user=daemon io-uring=refuse")).startsWith("ok dropped");
        }
    }

    /** Such a ring lets nobody else look, so nobody can tell that it has forgotten. */
    @EachJdk
    void aRingOfOneTaskAloneIsRefusedUnlessAllowed(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("on-own-thread ring open " + SINGLE_ISSUER)).startsWith("ok ");
            assertThat(child.ask("apply user=daemon")).startsWith("failed").contains("IORING_SETUP_SINGLE_ISSUER");
            assertThat(child.ask("apply user=daemon io-uring=allow")).startsWith("ok dropped");
        }
    }

    /** What the command says from outside, where it refuses. */
    private static String check(Jdk jdk, Child child) {
        try (Child check = Cli.run(jdk, "check", "user=daemon", "--pid", Long.toString(child.pid()))) {
            int code = check.exitCode();
            String last = check.stdout().get(check.stdout().size() - 1);
            return code + " " + (last.startsWith("not feasible: ") ? last : "");
        }
    }

    private static String openWithPersonality(Child child) {
        assertThat(child.ask("ring open 0")).startsWith("ok ");
        return child.ask("ring register").substring(3);
    }

    private static Child started(Jdk jdk) {
        return started(Jvm.of(jdk));
    }

    private static Child started(Jvm jvm) {
        Child child = jvm.fixture().agent("").start(Console.class);
        child.await("ready");
        assertThat(child.ask("crowd 10 5 2")).startsWith("ok");
        return child;
    }
}

package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Account;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.Ports;
import dev.psx.agent.testing.RootOnly;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a JVM whose drop fails or does not come: on-failure and deadline. */
@RootOnly
class FailureIT {

    @EachJdk
    void haltsUnlessToldOtherwise(Jdk jdk) {
        try (Child child = unable(jdk).agent("user=daemon").start(Console.class)) {
            assertThat(child.exitCode()).as(child.transcript()).isEqualTo(77);
            assertThat(child.stdout()).isEmpty();
            assertThat(own(child)).hasSize(1).first().asString().contains("setgroups(", "EPERM", "nothing has changed");
        }
    }

    @EachJdk
    void goesOnIfToldSo(Jdk jdk) {
        try (Child child =
                unable(jdk).agent("user=daemon,on-failure=warn,api=on").start(Console.class)) {
            child.await("ready");
            child.awaitError("psx-agent: "); // the two streams are read by two threads
            assertThat(own(child))
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("psx-agent: WARN ")
                    .contains("EPERM");
            assertThat(OutsideView.tasks(child.pid()))
                    .allSatisfy(task -> assertThat(task.uid()).containsOnly(0));
            assertThat(child.ask("posix seteuid 1")).as("the API works").isEqualTo("ok seteuid");
        }
    }

    @EachJdk
    void theTraceIsForDebuggingOnly(Jdk jdk) {
        try (Child child = unable(jdk).agent("user=daemon,log=debug").start(Console.class)) {
            assertThat(child.exitCode()).isEqualTo(77);
            assertThat(own(child)).anyMatch(line -> line.startsWith("psx-agent: DEBUG \tat dev.psx."));
        }
    }

    @EachJdk
    void haltsAtTheDeadline(Jdk jdk) {
        int port = Ports.privileged();
        String options = "user=daemon,when=listening:" + port + ",deadline=300ms";
        try (Child child = Jvm.of(jdk).agent(options).start(Console.class)) {
            assertThat(child.exitCode()).as(child.transcript()).isEqualTo(77);
            assertThat(own(child)).hasSize(1).first().asString().contains("deadline: ", "port " + port);
        }
    }

    /** A security manager has a say in Runtime.halt, too. */
    @EachJdk
    void haltsThoughTheApplicationForbidsExit(Jdk jdk) {
        assumeThat(jdk.version()).isLessThan(24);
        int port = Ports.privileged();
        Jvm jvm = Jvm.of(jdk).agent("user=daemon,deadline=5s,when=listening:" + port);
        try (Child child =
                (jdk.version() < 12 ? jvm : jvm.option("-Djava.security.manager=allow")).start(Console.class)) {
            child.await("ready");
            assertThat(child.ask("forbid-exit")).isEqualTo("ok forbid-exit");
            assertThat(child.exitCode()).as(child.transcript()).isEqualTo(77);
            assertThat(own(child)).hasSize(1).first().asString().contains("deadline: ");
        }
    }

    /** Standard error is a pipe that is full and that nobody reads: saying why must not keep the process alive. */
    @EachJdk
    void haltsThoughNobodyReadsStandardError(Jdk jdk, @TempDir Path directory) {
        String stuffed = "mkfifo " + directory + "/full && exec 4<>" + directory
                + "/full && head -c 65536 /dev/zero >&4 && exec \"$@\" 2>&4";
        String options = "user=daemon,when=listening:" + Ports.privileged() + ",deadline=300ms";
        Jvm jvm = Jvm.of(jdk).through("sh", "-c", stuffed, "sh").nativeAccess();
        try (Child child = jvm.agent(options).start(Console.class)) {
            assertThat(child.exitCode()).as(child.transcript()).isEqualTo(77);
        }
    }

    /** The process stays armed: later is better than never. */
    @EachJdk
    void goesOnAfterTheDeadlineIfToldSoAndStillDrops(Jdk jdk) {
        int port = Ports.privileged();
        String options = "user=daemon,when=listening:" + port + ",deadline=100ms,on-failure=warn";
        try (Child child = Jvm.of(jdk).agent(options).start(Console.class)) {
            child.await("ready");
            child.awaitError("WARN deadline: ");
            int uid = Account.named("daemon").uid();
            assertThat(child.ask("listen socket " + port))
                    .as(child.transcript())
                    .endsWith(" " + uid);
            Account.named("daemon").assertDropped(child);
        }
    }

    private static Jvm unable(Jdk jdk) {
        return Jvm.of(jdk).through("setpriv", "--bounding-set=-setgid");
    }

    private static List<String> own(Child child) {
        return child.stderr().stream()
                .filter(line -> line.startsWith("psx-agent: "))
                .toList();
    }
}

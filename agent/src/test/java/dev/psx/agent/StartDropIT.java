package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.apps.CrowdAgent;
import dev.psx.agent.testing.Account;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.Cli;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jars;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;

/** {@code when=start}: main, and everything that runs before and after it begins, runs without privilege. */
@RootOnly
class StartDropIT {

    private static final int TASKS = 200 + 20 + 3;

    @TempDir
    Path directory;

    /** An agent that comes before ours has made its tasks already: these are the ones a drop at start can miss. */
    @EachJdk
    void dropsTheTasksThatAreThereBefore(Jdk jdk) {
        Path earlier =
                Jars.create(directory.resolve("earlier.jar"), "Premain-Class", CrowdAgent.class.getName(), List.of());
        Jvm jvm = Jvm.of(jdk).fixture().agent(earlier, "200/20/3").agent("user=nobody");
        try (Child child = jvm.start(Console.class)) {
            child.await("ready");
            assertThat(Account.named("nobody").assertDropped(child)).hasSizeGreaterThan(TASKS);
            assertThat(Cli.status(jdk, child).exitCode()).isZero();
        }
    }

    @EachJdk
    void dropsTheTasksThatComeAfterwards(Jdk jdk) {
        try (Child child = Jvm.of(jdk).fixture().agent("user=nobody").start(Console.class)) {
            child.await("ready");
            assertThat(child.ask("crowd 200 20 3")).startsWith("ok");
            assertThat(Account.named("nobody").assertDropped(child)).hasSizeGreaterThan(TASKS);
        }
    }

    @EachJdk
    void takesGroupAndGroupsAsGiven(Jdk jdk) {
        Account expected = new Account("nobody", 65534, 1, new TreeSet<>(Set.of(2, 3, 70000)));
        String options = "user=65534,group=1,groups=70000+3+2";
        try (Child child = Jvm.of(jdk).agent(options).start(Console.class)) {
            child.await("ready");
            expected.assertDropped(child);
        }
    }

    @EachJdk
    void losesAccessToWhatOnlyRootMayRead(Jdk jdk) {
        try (Child child = Jvm.of(jdk).agent("").start(Console.class)) {
            child.await("ready");
            assertThat(child.ask("read /etc/shadow")).startsWith("ok");
        }
        try (Child child = Jvm.of(jdk).agent("user=nobody").start(Console.class)) {
            child.await("ready");
            assertThat(child.ask("read /etc/shadow")).startsWith("failed java.nio.file.AccessDeniedException");
            assertThat(child.ask("posix setuid 0")).startsWith("failed");
        }
    }
}

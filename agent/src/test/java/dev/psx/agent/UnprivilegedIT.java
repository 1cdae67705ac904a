package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Account;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import java.util.List;

/** A JVM that is not root to begin with. */
@RootOnly
class UnprivilegedIT {

    private static final String[] NOBODY = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
    private static final String[] HAS_NOTHING = {
        "setpriv", "--reuid=65534", "--regid=65534", "--groups=65534", "--bounding-set=-all", "--no-new-privs"
    };

    @EachJdk
    void cannotDropToAnother(Jdk jdk) {
        for (String options : List.of("user=daemon", "user=nobody", "user=root-not", "group=daemon,groups=none")) {
            try (Child child = jvm(jdk, NOBODY).agent(options).start(Console.class)) {
                int expected = options.equals("user=root-not") ? 78 : 77;
                assertThat(child.exitCode()).as(options + child.transcript()).isEqualTo(expected);
                assertThat(child.stdout()).isEmpty();
                assertThat(child.stderr().get(0)).startsWith("psx-agent: ");
                if (expected == 77) {
                    assertThat(String.join("\n", child.stderr())).contains("EPERM");
                }
            }
        }
    }

    /** A call whose result already holds is not made, so this needs no privilege. */
    @EachJdk
    void mayAskForWhatItHas(Jdk jdk) {
        try (Child child = jvm(jdk, HAS_NOTHING).agent("user=nobody").start(Console.class)) {
            child.await("ready");
            Account.named("nobody").assertDropped(child);
        }
    }

    /** As a JVM does that a dropped one has started. */
    @EachJdk
    void takesToolOptions(Jdk jdk) {
        Jvm jvm = jvm(jdk, HAS_NOTHING)
                .environment("JAVA_TOOL_OPTIONS", "-javaagent:" + Artifacts.agentJar() + "=user=nobody");
        try (Child child = jvm.start(Console.class)) {
            child.await("ready");
            Account.named("nobody").assertDropped(child);
        }
    }

    @EachJdk
    void aDroppedJvmStartsAnother(Jdk jdk) {
        String options = "-javaagent:" + Artifacts.agentJar() + "=user=nobody";
        Jvm jvm = Jvm.of(jdk).nativeAccess().environment("JAVA_TOOL_OPTIONS", options);
        try (Child child = jvm.start(Console.class)) {
            child.await("ready");
            assertThat(child.ask("child-jvm")).startsWith("ok exit 0 Picked up JAVA_TOOL_OPTIONS");
        }
    }

    @EachJdk
    void runsWithoutOptions(Jdk jdk) {
        try (Child child = jvm(jdk, NOBODY).agent("").start(Console.class)) {
            child.await("ready");
            assertThat(child.ask("posix setresuid 65534 65534 65534")).startsWith("ok");
            assertThat(child.ask("posix setuid 0")).startsWith("failed dev.psx.ErrnoException");
            assertThat(child.finish()).isZero();
        }
    }

    private static Jvm jvm(Jdk jdk, String[] through) {
        return Jvm.of(jdk).nativeAccess().through(through);
    }
}

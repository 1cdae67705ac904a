package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.tools.attach.VirtualMachine;
import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Account;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.RootOnly;
import java.util.List;

/** The agent attached to a running JVM, and the agent given more than once. */
@RootOnly
class AttachIT {

    @EachJdk
    void dropsARunningJvm(Jdk jdk) throws Exception {
        try (Child child = running(jdk)) {
            attach(child, "user=nobody");
            Account.named("nobody").assertDropped(child);
        }
    }

    /** As README.md says it, with the quotes: jcmd takes {@code user=nobody} apart. JDK 8 has no such command. */
    @EachJdk
    void jcmdDropsARunningJvm(Jdk jdk) {
        if (jdk.version() < 9) {
            return;
        }
        try (Child child = running(jdk);
                Child jcmd = Child.run(List.of(
                        jdk.tool("jcmd").toString(),
                        Long.toString(child.pid()),
                        "JVMTI.agent_load",
                        Artifacts.agentJar().toString(),
                        "\"user=nobody,give-up=10s\""))) {
            assertThat(jcmd.stdout()).as(jcmd.transcript()).contains("return code: 0");
            Account.named("nobody").assertDropped(child);
        }
    }

    @EachJdk
    void theSameOptionsAgainDoNothing(Jdk jdk) throws Exception {
        try (Child child = running(jdk)) {
            attach(child, "log=info");
            attach(child, "log=info");
            assertThat(child.ask("posix setegid 1")).startsWith("ok");
        }
        assertStarts(jdk, "user=nobody", "user=nobody");
    }

    @EachJdk
    void otherOptionsAreAnError(Jdk jdk) throws Exception {
        try (Child child = running(jdk)) {
            attach(child, "log=info");
            assertRefused(child, "log=warn");
        }
        try (Child child = Jvm.of(jdk).agent("").agent("user=nobody").start(Console.class)) {
            assertThat(child.exitCode()).as(child.transcript()).isEqualTo(78);
            assertThat(child.stdout()).isEmpty();
        }
    }

    @EachJdk
    void aBadOptionIsReportedToTheAttacher(Jdk jdk) throws Exception {
        try (Child child = running(jdk)) {
            assertRefused(child, "user=no-such-user");
            assertRefused(child, "usr=nobody");
        }
    }

    @EachJdk
    void aDropThatChangesNothingIsReportedToTheAttacher(Jdk jdk) throws Exception {
        try (Child child = running(jdk)) {
            assertThat(child.ask("blocked")).startsWith("ok");
            assertRefused(child, "user=nobody,give-up=500ms");
        }
    }

    private static void assertStarts(Jdk jdk, String first, String second) {
        try (Child child = Jvm.of(jdk).agent(first).agent(second).start(Console.class)) {
            child.await("ready");
            Account.named("nobody").assertDropped(child);
        }
    }

    private static void assertRefused(Child child, String options) {
        assertThatThrownBy(() -> attach(child, options)).as(options).isNotNull();
        assertThat(child.ask("child")).isEqualTo("ok exit 0 Uid: 0 0 0 0");
        assertThat(OutsideView.tasks(child.pid()))
                .allSatisfy(task -> assertThat(task.uid()).containsOnly(0));
    }

    private static Child running(Jdk jdk) {
        Jvm jvm = Jvm.of(jdk).fixture();
        if (jdk.version() >= 21) {
            jvm.option("-XX:+EnableDynamicAgentLoading");
        }
        Child child = jvm.addToClassPath(Artifacts.library()).start(Console.class);
        child.await("ready");
        assertThat(child.ask("crowd 20 5 3")).startsWith("ok");
        return child;
    }

    private static void attach(Child child, String options) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(child.pid()));
        try {
            machine.loadAgent(Artifacts.agentJar().toString(), options);
        } finally {
            machine.detach();
        }
    }
}

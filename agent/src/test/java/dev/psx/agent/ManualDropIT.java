package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Account;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.RootOnly;

/** when=manual: the operator says what is dropped, the application when. */
@RootOnly
class ManualDropIT {

    @EachJdk
    void happensWhenTheApplicationSaysSo(Jdk jdk) {
        try (Child child =
                Jvm.of(jdk).agent("user=daemon,groups=none,when=manual").start(Console.class)) {
            child.await("ready");
            assertThat(OutsideView.tasks(child.pid()))
                    .allSatisfy(task -> assertThat(task.uid()).containsOnly(0));
            assertThat(child.ask("configured")).as(child.transcript()).startsWith("ok dropped: ");
            assertThat(OutsideView.tasks(child.pid())).allSatisfy(task -> {
                assertThat(task.uid()).containsOnly(Account.named("daemon").uid());
                assertThat(task.groups()).isEmpty();
                assertThat(task.capBounding()).isZero();
            });
            assertThat(child.ask("configured")).startsWith("ok nothing to change");
        }
    }

    @EachJdk
    void anotherMomentIsNotTheApplications(Jdk jdk) {
        try (Child child = Jvm.of(jdk).agent("user=daemon").start(Console.class)) {
            child.await("ready");
            assertThat(child.ask("configured")).isEqualTo("ok none");
        }
        try (Child child = Jvm.of(jdk).addToClassPath(Artifacts.library()).start(Console.class)) {
            child.await("ready");
            assertThat(child.ask("configured")).isEqualTo("ok none");
        }
    }

    /** The plan would fail: the process shall not begin to serve. */
    @EachJdk
    void isTriedAtTheStart(Jdk jdk) {
        Jvm jvm = Jvm.of(jdk).through("setpriv", "--bounding-set=-setgid");
        try (Child child = jvm.agent("user=daemon,when=manual").start(Console.class)) {
            assertThat(child.exitCode()).as(child.transcript()).isEqualTo(77);
            assertThat(child.stdout()).isEmpty();
            assertThat(String.join("\n", child.stderr())).contains("EPERM", "CAP_SETGID");
        }
    }
}

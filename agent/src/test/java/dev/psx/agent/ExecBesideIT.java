package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.ExecBesideApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Holder;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.RootOnly;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** A JVM that becomes another program beside whatever else it does, or cannot, and runs on. */
@RootOnly
class ExecBesideIT {

    private static final int GIVE_UP_MILLIS = 1000;

    @TempDir
    Path directory;

    @EachJdk
    void theProgramIsAsOneStartedAfresh(Jdk jdk) {
        try (Child child = jvm(jdk).start(ExecBesideApp.class, "plain")) {
            assertIsCat(child);
            assertStatus(child, "SigIgn:\t0000000000000000");
        }
    }

    /** As nohup ignores SIGHUP: programs inherit that. The JVM's own handling of others does not show. */
    @EachJdk
    void whatWasIgnoredStaysSo(Jdk jdk) {
        Jvm jvm = jvm(jdk).through("sh", "-c", "trap '' HUP; exec \"$@\"", "sh");
        try (Child child = jvm.start(ExecBesideApp.class, "plain")) {
            assertIsCat(child);
            assertStatus(child, "SigIgn:\t0000000000000001");
        }
    }

    @EachJdk
    void anyThreadCan(Jdk jdk) {
        try (Child child = jvm(jdk).start(ExecBesideApp.class, "thread")) {
            assertIsCat(child);
        }
    }

    @EachJdk
    void whileOthersBroadcast(Jdk jdk) {
        try (Child child = jvm(jdk).start(ExecBesideApp.class, "broadcasts")) {
            assertIsCat(child);
        }
    }

    @EachJdk
    void whileOthersWaitForTheExecLock(Jdk jdk) {
        try (Child child = jvm(jdk).start(ExecBesideApp.class, "waiting")) {
            assertIsCat(child);
        }
    }

    @EachJdk
    void notWhileAnotherThreadHangsInItsStart(Jdk jdk) throws Exception {
        Path program = Files.copy(Path.of("/bin/true"), directory.resolve("true"));
        for (String way : new String[] {"builder", "launcher"}) {
            try (Holder holder = Holder.ofFile(program);
                    Child child = jvm(jdk).start(ExecBesideApp.class, "hanging " + way, program.toString())) {
                child.await("ready");
                child.awaitDescendant();
                assertRefused(child.ask(""), "by threads [a hanging starter]");
                holder.letGo();
                becomes(child);
            }
        }
    }

    @EachJdk
    void notWhileADebuggerHoldsATask(Jdk jdk) {
        try (Child child = jvm(jdk).start(ExecBesideApp.class, "held")) {
            child.await("ready");
            long tid = OutsideView.tasks(child.pid()).stream()
                    .filter(task -> task.name().equals("fixture-idle"))
                    .findFirst()
                    .orElseThrow()
                    .tid();
            try (Holder holder = Holder.ofTask(tid)) {
                assertRefused(child.ask(""), tid + " (fixture-idle)");
                holder.letGo();
            }
            becomes(child);
        }
    }

    @EachJdk
    void afterADropTheProgramHasNoMore(Jdk jdk) {
        Jvm jvm = Jvm.of(jdk).nativeAccess().agent("user=nobody,api=on");
        try (Child child = jvm.start(ExecBesideApp.class, "plain")) {
            assertIsCat(child);
            assertStatus(
                    child,
                    "Uid:\t65534\t65534\t65534\t65534",
                    "CapPrm:\t0000000000000000",
                    "CapEff:\t0000000000000000",
                    "NoNewPrivs:\t1");
        }
    }

    /** A new program would be rid of what the agent keeps the application from. */
    @EachJdk
    void notWhereTheApiIsOff(Jdk jdk) {
        try (Child child = Jvm.of(jdk).nativeAccess().agent("api=off").start(ExecBesideApp.class, "plain")) {
            assertThat(child.awaitError("api=off")).contains("SecurityException");
            assertThat(child.exitCode()).isEqualTo(1);
        }
    }

    private static Jvm jvm(Jdk jdk) {
        return Jvm.of(jdk).fixture().agent("give-up=" + GIVE_UP_MILLIS + "ms");
    }

    private static void assertRefused(String said, String name) {
        assertThat(said).contains(name);
        int millis = Integer.parseInt(said.replaceAll(".* after (\\d+) ms.*", "$1"));
        assertThat(millis).isBetween(GIVE_UP_MILLIS / 2, 20 * GIVE_UP_MILLIS);
    }

    private static void becomes(Child child) {
        child.send("");
        assertIsCat(child);
    }

    private static void assertIsCat(Child child) {
        assertThat(child.exitCode()).as(child.transcript()).isZero();
        assertStatus(
                child,
                "Name:\tcat",
                "Pid:\t" + child.pid(),
                "Threads:\t1",
                "SigBlk:\t0000000000000000",
                "SigCgt:\t0000000000000000");
    }

    private static void assertStatus(Child child, String... lines) {
        assertThat(child.stdout()).as(child.transcript()).contains(lines);
    }
}

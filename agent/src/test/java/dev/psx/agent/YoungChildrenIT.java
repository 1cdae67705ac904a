package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.Ports;
import dev.psx.agent.testing.RootOnly;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.io.TempDir;

/** For how long a drop waits for children that were started just before, and what it says of them. */
@RootOnly
class YoungChildrenIT {

    /** What a drop waits for them at most; all else that it does, on a busy machine, takes less than ten seconds. */
    private static final int BOUND_MS = 1000;

    private static final int ENOUGH_MS = 10_000;

    /** The dynamic linker is asleep in a system call, which a program that runs would be, too. */
    @EachJdk
    void oneThatIsStillInTheDynamicLinkerIsNamed(Jdk jdk, @TempDir Path directory) throws IOException {
        try (Child child = started(jdk);
                Hanging hanging = hang(child, directory)) {
            assertThat(outside(child)).containsExactly(Tuple.tuple(hanging.pid, true));
        }
    }

    @EachJdk
    void oneThatIsStoppedDelaysTheDropByTheBoundAndNoMore(Jdk jdk, @TempDir Path directory) throws IOException {
        try (Child child = started(jdk);
                Hanging hanging = hang(child, directory)) {
            signal("STOP", hanging.pid);
            String answer = child.ask("apply-timed user=daemon").substring(3);
            assertThat(Integer.parseInt(answer.split(" ")[0])).isBetween(BOUND_MS, ENOUGH_MS);
            assertThat(answer).contains("\"pid\":" + hanging.pid).contains("\"mayBegin\":true");
        }
    }

    @EachJdk
    void theDropOfTheAgentWarnsOfIt(Jdk jdk, @TempDir Path directory) {
        int port = Ports.privileged();
        String options = "user=daemon,when=listening:" + port;
        try (Child child = ready(Jvm.of(jdk).through("env", "-C", "/").agent(options));
                Hanging hanging = hang(child, directory)) {
            assertThat(child.ask("listen socket " + port)).startsWith("ok");
            assertThat(child.awaitError("the drop did not reach"))
                    .contains("process " + hanging.pid + " (true): it was started before the drop, may begin only now");
        }
    }

    /** One that is asleep in its own code, and one that never sleeps. */
    @EachJdk
    void thoseThatRunAreNotSaidToBegin(Jdk jdk) throws IOException {
        try (Child child = started(jdk)) {
            int sleeper = Integer.parseInt(child.ask("start-child").substring(3));
            int busy = Integer.parseInt(child.ask("busy").substring(3));
            assertThat(outside(child)).containsExactlyInAnyOrder(Tuple.tuple(sleeper, false), Tuple.tuple(busy, false));
        }
    }

    /** Its group is another, so without CAP_SYS_PTRACE its memory is not to be seen. */
    @EachJdk
    void oneThatCannotBeSeenIsNamed(Jdk jdk) throws IOException {
        Jvm jvm = Jvm.of(jdk).through("env", "-C", "/").through("setpriv", "--bounding-set", "-sys_ptrace");
        try (Child child = ready(jvm.agent(""))) {
            int hidden = Integer.parseInt(
                    child.ask("busy setpriv --regid 1 --clear-groups").substring(3));
            int busy = Integer.parseInt(child.ask("busy").substring(3));
            assertThat(outside(child)).containsExactlyInAnyOrder(Tuple.tuple(hidden, true), Tuple.tuple(busy, false));
        }
    }

    private static List<Tuple> outside(Child child) throws IOException {
        String answer = child.ask("apply-json user=daemon");
        assertThat(answer).startsWith("ok {");
        Map<String, Object> report = JSON.std.mapFrom(answer.substring(3));
        return assertThat(report.get("otherProcesses"))
                .asInstanceOf(LIST)
                .extracting("pid", "mayBegin")
                .actual()
                .stream()
                .map(Tuple.class::cast)
                .toList();
    }

    private static Child started(Jdk jdk) {
        return ready(Jvm.of(jdk).through("env", "-C", "/").agent(""));
    }

    private static Child ready(Jvm jvm) {
        Child child = jvm.start(Console.class);
        child.await("ready");
        return child;
    }

    private static Hanging hang(Child child, Path directory) {
        Path fifo = directory.resolve("fifo");
        try (Child mkfifo = Child.run(List.of("mkfifo", fifo.toString()))) {
            assertThat(mkfifo.exitCode()).isZero();
        }
        return new Hanging(Integer.parseInt(child.ask("hang " + fifo).substring(3)));
    }

    private static void signal(String name, int pid) {
        try (Child kill = Child.run(List.of("kill", "-" + name, Integer.toString(pid)))) {
            assertThat(kill.exitCode()).isZero();
        }
    }

    /** Nobody else would end it. */
    private record Hanging(int pid) implements AutoCloseable {

        @Override
        public void close() {
            signal("KILL", pid);
        }
    }
}

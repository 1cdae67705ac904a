package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.apps.SpawnApp;
import dev.psx.agent.testing.Account;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Processes that the JVM starts while it is being dropped, and afterwards. */
@RootOnly
class ChildrenIT {

    private static final String ROUNDS = "150";
    private static final int RUNS = 20;

    @TempDir
    Path directory;

    @EachJdk
    void noneIsLeftOnTheWayToItsProgramWithTheOldIds(Jdk jdk) {
        assertThat(late(Jvm.of(jdk).agent(""), "psx")).isZero();
    }

    /** Negative control: libc's own way changes the threads and misses the children. Not in each run: it is a race. */
    @EachJdk
    void libcLeavesSome(Jdk jdk) {
        int late = 0;
        for (int run = 0; run < RUNS && late == 0; run++) {
            late = late(Jvm.of(jdk).fixture().agent(""), "libc");
        }
        assertThat(late).isPositive();
    }

    @EachJdk
    void thoseStartedAfterwardsHaveTheNewIds(Jdk jdk) {
        try (Child child = Jvm.of(jdk).agent("").start(Console.class)) {
            child.await("ready");
            assertThat(child.ask("child")).isEqualTo("ok exit 0 Uid: 0 0 0 0");
            assertThat(child.ask("plan nobody")).startsWith("ok");
            assertThat(child.ask("child")).isEqualTo("ok exit 0 Uid: 65534 65534 65534 65534");
        }
    }

    /** ProcessBuilder.start opens its redirects itself, and a FIFO without a reader holds it up for ever. */
    @EachJdk
    void oneBehindAFifoDoesNotBlockTheDrop(Jdk jdk) {
        Path fifo = directory.resolve("fifo");
        try (Child mkfifo = Child.run(List.of("mkfifo", fifo.toString()));
                Child child = Jvm.of(jdk).agent("").start(Console.class)) {
            assertThat(mkfifo.exitCode()).isZero();
            child.await("ready");
            assertThat(child.ask("fifo " + fifo)).startsWith("ok");
            assertThat(child.ask("plan nobody")).startsWith("ok");
            Account.named("nobody").assertDropped(child);
        }
    }

    private static int late(Jvm jvm, String mode) {
        try (Child child = jvm.start(SpawnApp.class, mode, ROUNDS)) {
            String line = child.await("late");
            assertThat(child.exitCode()).as(child.transcript()).isZero();
            return Integer.parseInt(line.split(" ")[1]);
        }
    }
}

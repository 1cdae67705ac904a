package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.apps.DeafAgent;
import dev.psx.agent.apps.PauseApp;
import dev.psx.agent.apps.UnreachableApp;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jars;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.StatusFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that do not come: how long that is borne (give-up), how long the others are held meanwhile (max-pause), what is said. */
@RootOnly
class GatheringLimitsIT {

    private static final String BLOCKS = " blocks the engine's signal by a raw system call: ";

    /** For the report, which is made after the last attempt, on a machine that has other things to do. */
    private static final int SLACK_MILLIS = 2_000;

    /** On a busy machine others may have been late for the last attempt as well, and the message shows eight at most. */
    private static final int CALLS = 5;

    /** With a max-pause of 20 ms: the way into the handler and out of it; time spent waiting for a processor is not counted. */
    private static final int LONGEST_MICROS = 70_000;

    private static final int RUNS = 4;

    @EachJdk
    void givesUpInTimeAndNamesThemAndChangesNothing(Jdk jdk) {
        assertGivesUp(agent(jdk, "give-up=700ms"), 700);
        assertGivesUp(agent(jdk, "give-up=100ms,max-pause=5ms"), 100);
    }

    @EachJdk
    void theLibraryGivesUpAfterThreeSeconds(Jdk jdk) {
        assertGivesUp(Jvm.of(jdk).fixture().addToClassPath(Artifacts.library()), 3_000);
    }

    @EachJdk
    void aDropAtTheStartFailsAndMainNeverRuns(Jdk jdk, @TempDir Path directory) {
        Path deaf = Jars.create(directory.resolve("deaf.jar"), "Premain-Class", DeafAgent.class.getName(), List.of());
        Jvm jvm = Jvm.of(jdk).fixture().option("-javaagent:" + deaf).agent("user=nobody,give-up=300ms");
        try (Child child = jvm.start(Console.class)) {
            assertThat(child.exitCode()).as(child.transcript()).isEqualTo(77);
            assertThat(child.stdout()).isEmpty();
            assertThat(child.stderr()).hasSize(1);
            assertThat(child.stderr().get(0))
                    .startsWith("psx-agent: ")
                    .contains("(fixture-deaf)" + BLOCKS)
                    .endsWith("; nothing has changed");
        }
    }

    /** Other load on the machine makes a stall look longer, never shorter: so the best of several runs counts. */
    @EachJdk
    void nobodyIsHeldForLongerThanMaxPause(Jdk jdk) {
        long least = Long.MAX_VALUE;
        for (int run = 0; run < RUNS && least > LONGEST_MICROS; run++) {
            long[] found = longestStall(jdk, "give-up=150ms,max-pause=20ms", 6);
            assertThat(found[0]).as("attempts").isGreaterThan(3 * 6);
            least = Math.min(least, found[1]);
        }
        assertThat(least).as("microseconds").isLessThanOrEqualTo(LONGEST_MICROS);
    }

    /** The control: the probe would see a longer hold. */
    @EachJdk
    void theProbeSeesAsLongAHoldAsIsAllowed(Jdk jdk) {
        long[] found = longestStall(jdk, "give-up=150ms,max-pause=150ms", 4);
        assertThat(found[1]).as("microseconds").isGreaterThan(LONGEST_MICROS);
    }

    private static Jvm agent(Jdk jdk, String options) {
        return Jvm.of(jdk).fixture().agent(options);
    }

    private static void assertGivesUp(Jvm jvm, int giveUpMillis) {
        try (Child child = jvm.start(UnreachableApp.class)) {
            String nativeTid = child.await("native ").split(" ")[1];
            String javaTid = child.await("java ").split(" ")[1];
            String nativeTask = "task " + nativeTid + " (fixture-deaf)" + BLOCKS;
            String javaTask = "task " + javaTid + " (a deaf thread o)" + BLOCKS;
            child.await("ready");
            Map<String, String> before = StatusFiles.of(child);
            String message = "";
            for (int call = 0; call < CALLS && !(message.contains(nativeTask) && message.contains(javaTask)); call++) {
                child.send("");
                message = child.await("message ");
                int millis = Integer.parseInt(child.await("failed ").split(" ")[1]);
                assertThat(millis).isBetween(giveUpMillis - 5, giveUpMillis + SLACK_MILLIS);
            }
            assertThat(message)
                    .startsWith("message setresuid(1, 1, 0) was not run: ")
                    .contains(nativeTask, javaTask)
                    .endsWith("; nothing has changed");
            assertThat(child.stdout())
                    .contains("task " + nativeTid + " none", "task " + javaTid + " a deaf thread of the application");
            assertUnchanged(before, StatusFiles.of(child));
            assertThat(child.finish()).as(child.transcript()).isZero();
            assertThat(child.stderr()).isEmpty();
        }
    }

    /** Tasks that were there before: the JVM's own come and go. */
    private static void assertUnchanged(Map<String, String> before, Map<String, String> after) {
        after.keySet().retainAll(before.keySet());
        assertThat(after).hasSizeGreaterThan(6 + 5 + 1 + 2);
        after.forEach((tid, text) -> assertThat(text).isEqualTo(before.get(tid)));
    }

    /** Returns how many attempts the broadcasts took, of which most failed, and the longest stall of a thread in microseconds. */
    private static long[] longestStall(Jdk jdk, String options, int broadcasts) {
        try (Child child = agent(jdk, options).start(PauseApp.class, Integer.toString(broadcasts))) {
            assertThat(child.exitCode()).as(child.transcript()).isZero();
            String said = child.stdout().get(0);
            assumeThat(said).as("the kernel allows reading /proc/self/mem").doesNotStartWith("unsupported");
            String[] words = said.split(" ");
            assertThat(Integer.parseInt(words[2])).as(said).isGreaterThanOrEqualTo(broadcasts / 2);
            return new long[] {Long.parseLong(words[4]), Long.parseLong(words[6])};
        }
    }
}

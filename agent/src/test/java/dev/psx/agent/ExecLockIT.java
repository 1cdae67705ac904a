package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.ExecLockApp;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Fixtures;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import java.util.Arrays;
import java.util.List;

/** Drops while children are started in every way: none begins with the old ids when a drop has returned. */
@RootOnly
class ExecLockIT {

    /** How many drops each JVM makes; a thousand of them: {@code -Dpsx.drops=1000}. */
    private static final String DROPS = System.getProperty("psx.drops", "40");

    @EachJdk
    void noChildBeginsWithTheOldIdsAfterADrop(Jdk jdk) {
        List<String> words = run(jdk, Jvm.of(jdk).fixture().agent("give-up=20s"), "drop");
        assertThat(count(words, "way")).as("before their exec").isZero();
        assertThat(count(words, "unlisted")).isZero();
        assertThat(count(words, "unannounced")).isZero();
        // A child that the kernel keeps from running for as long as a drop waits is announced.
        assertThat(count(words, "late")).isLessThanOrEqualTo(Integer.parseInt(DROPS) / 100);
    }

    /** A broadcast that is no drop waits for execs and no more. */
    @EachJdk
    void noChildIsBeforeItsExecAfterABroadcast(Jdk jdk) {
        List<String> words = run(jdk, Jvm.of(jdk).fixture().agent("give-up=20s"), "broadcast");
        assertThat(count(words, "way")).as("before their exec").isZero();
    }

    /** Negative control: without the agent, and with libc's own way to change the threads. */
    @EachJdk
    void withoutTheAgentSomeAreAndMoreDo(Jdk jdk) {
        List<String> words = run(jdk, Jvm.of(jdk).fixture().addToClassPath(Artifacts.library()), "libc");
        assertThat(count(words, "way")).isPositive();
        assertThat(count(words, "late")).isPositive();
    }

    private static List<String> run(Jdk jdk, Jvm jvm, String mode) {
        String[] arguments = {
            mode,
            DROPS,
            Fixtures.herald().toString(),
            Fixtures.mainHerald().toString(),
            Fixtures.slowHerald().toString()
        };
        try (Child child = jvm.start(ExecLockApp.class, arguments)) {
            String line = child.await("under way");
            assertThat(child.exitCode()).as(child.transcript()).isZero();
            System.out.println(jdk + " " + mode + ": " + line);
            return Arrays.asList(line.split("[ :]+"));
        }
    }

    /** The number behind a word. */
    private static int count(List<String> words, String what) {
        return Integer.parseInt(words.get(words.indexOf(what) + 1));
    }
}

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

/** Drops while children are started in every way: none is before its exec with the old ids when a drop has returned. */
@RootOnly
class ExecLockIT {

    /** How many drops each JVM makes; a thousand of them: {@code -Dpsx.drops=1000}. */
    private static final String DROPS = System.getProperty("psx.drops", "150");

    @EachJdk
    void noneIsStillToComeToItsProgramWithTheOldIds(Jdk jdk) {
        assertThat(late(jdk, Jvm.of(jdk).fixture().agent("give-up=20s"), "psx")).isZero();
    }

    /** Negative control: without the agent, and with libc's own way to change the threads. */
    @EachJdk
    void withoutTheAgentSomeAre(Jdk jdk) {
        assertThat(late(jdk, Jvm.of(jdk).fixture().addToClassPath(Artifacts.library()), "libc"))
                .isPositive();
    }

    private static int late(Jdk jdk, Jvm jvm, String mode) {
        try (Child child =
                jvm.start(ExecLockApp.class, mode, DROPS, Fixtures.herald().toString())) {
            String line = child.await("late");
            assertThat(child.exitCode()).as(child.transcript()).isZero();
            System.out.println(jdk + " " + mode + ": " + line);
            return Integer.parseInt(line.split(" ")[1]);
        }
    }
}

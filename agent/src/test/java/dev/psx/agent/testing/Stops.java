package dev.psx.agent.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Stops a whole process from outside for a while, as job control does. */
public final class Stops {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int POLL_MILLIS = 5;

    private Stops() {}

    /** Returns when it has been continued. The time counts from when every task of it stood still. */
    public static void stop(Child child, Duration time) {
        try {
            signal(child, "STOP");
            try {
                awaitStopped(child);
                Thread.sleep(time.toMillis());
            } finally {
                signal(child, "CONT");
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    private static void awaitStopped(Child child) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!OutsideView.states(child.pid()).equals(Set.of('T'))) {
            assertThat(System.nanoTime()).as("it stops").isLessThan(deadline);
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** The shell's own, so that no package must be installed for it. */
    private static void signal(Child child, String name) {
        Child kill = Child.run(List.of("sh", "-c", "kill -" + name + " " + child.pid()));
        assertThat(kill.exitCode()).as(kill.transcript()).isZero();
    }
}

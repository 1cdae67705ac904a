package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.StoppedApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.Stops;
import java.time.Duration;

/** The whole process is stopped for longer than give-up while threads broadcast: that is not the fault of those who are waited for. */
@RootOnly
class StoppedProcessIT {

    private static final int STOPS = 5;
    private static final Duration LONGER_THAN_GIVE_UP = Duration.ofMillis(700);

    @EachJdk
    void broadcastsGoOnWhenItIsContinued(Jdk jdk) {
        try (Child child = Jvm.of(jdk).fixture().agent("give-up=500ms").start(StoppedApp.class)) {
            child.await("ready");
            for (int stop = 0; stop < STOPS; stop++) {
                Stops.stop(child, LONGER_THAN_GIVE_UP);
                assertThat(child.ask("more")).as(child.transcript()).isEqualTo("went on");
            }
            assertThat(child.finish()).as(child.transcript()).isZero();
            assertThat(child.stderr()).isEmpty();
        }
    }
}

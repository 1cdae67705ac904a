package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.ChurnApp;
import dev.psx.agent.testing.Account;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.RootOnly;

/** Broadcasts beside threads that are created and ended as fast as they can: no task missed, none twice, no hang. */
@RootOnly
class ChurnIT {

    /** Of the default of 3 s nothing is left on a machine that is short of processors; what is judged here is not the time. */
    private static final String PATIENT = "give-up=20s";

    /** How many each JVM makes: {@code -Dpsx.broadcasts=2000}. */
    private static final String BROADCASTS = System.getProperty("psx.broadcasts", "1000");

    @EachJdk
    void broadcastsRunOnEveryTaskOnce(Jdk jdk) {
        try (Child child = Jvm.of(jdk).fixture().agent(PATIENT).start(ChurnApp.class, "count", BROADCASTS)) {
            assertThat(child.await("done")).contains(BROADCASTS + " broadcasts");
            assertThat(OutsideView.tasks(child.pid()))
                    .allSatisfy(task -> assertThat(task.uid()).containsOnly(0));
            assertThat(child.finish()).isZero();
        }
    }

    /** What is verified after a drop must not be upset by tasks that are just ending. */
    @EachJdk
    void aDropHoldsForWhateverIsBornLater(Jdk jdk) {
        for (int i = 0; i < 3; i++) {
            try (Child child = Jvm.of(jdk).fixture().agent(PATIENT).start(ChurnApp.class, "drop", "1")) {
                child.await("dropped");
                Account.named("nobody").assertDropped(child);
                child.send("stop");
                child.await("done");
                Account.named("nobody").assertDropped(child);
            }
        }
    }

    /** A thread inherits its creator's filters, so a task that was missed, or that ran twice, has another number. */
    @EachJdk
    void theKernelCountsTheSame(Jdk jdk) {
        try (Child child = Jvm.of(jdk).fixture().agent(PATIENT).start(ChurnApp.class, "filter", "200")) {
            child.await("done");
            assertThat(OutsideView.tasks(child.pid()))
                    .allSatisfy(task ->
                            assertThat(task.seccompFilters()).as(task.name()).isEqualTo(200));
            assertThat(child.finish()).isZero();
        }
    }
}

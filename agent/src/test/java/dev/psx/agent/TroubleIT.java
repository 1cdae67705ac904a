package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.TroubleApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Fixtures;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;

/** The one thread that waits for all children, and what may befall it. */
class TroubleIT {

    private static final String[] ONE_CARRIER = {
        "-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1"
    };

    @EachJdk
    void theEndsOfChildrenAreSeenAllTheSame(Jdk jdk) {
        Jvm jvm = Jvm.of(jdk).fixture().option("-Xmx64m").option(ONE_CARRIER).agent("");
        try (Child child = jvm.start(TroubleApp.class, Fixtures.holder().toString())) {
            child.await("done");
            assertThat(child.stdout())
                    .as(child.transcript())
                    .contains(
                            "virtual threads = 1000000 0",
                            "traced = false false 137 true false",
                            "descriptor closed by others = true true",
                            "no memory = 40 true",
                            "class loader = gone");
        }
    }
}

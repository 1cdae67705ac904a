package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.LoadedJvm;
import dev.psx.agent.testing.RootOnly;

/** Virtual threads sleep and wake by the 100,000 on carriers that are held again and again. */
@RootOnly
class VirtualThreadsIT {

    private static final int THREADS = 100_000;
    private static final int TIMES = 3;

    @EachJdk
    void eachWakesAsOftenAsItSlept(Jdk jdk) {
        assumeTrue(jdk.version() >= 21, () -> jdk + " has no virtual threads");
        try (LoadedJvm loaded =
                LoadedJvm.start(Jvm.of(jdk).fixture().option("-Xmx1g").agent(LoadedJvm.PATIENT))) {
            long before = loaded.rounds();
            assertThat(loaded.ask("virtual " + THREADS + " " + TIMES, "woken")).isEqualTo("woken " + THREADS * TIMES);
            assertThat(loaded.rounds()).isGreaterThan(before + 3);
            loaded.end();
        }
    }
}

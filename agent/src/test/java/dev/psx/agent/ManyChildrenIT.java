package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.DescriptorAuditApp;
import dev.psx.agent.apps.SpawnLeaksApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.LaunchTable;
import dev.psx.agent.testing.RootOnly;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Many children, each with exactly the descriptors that it was given, and nothing left of any. */
@RootOnly
class ManyChildrenIT {

    /** More with {@code -Dpsx.spawns}: the figures that may be left are the same. */
    private static final String SPAWNS = System.getProperty("psx.spawns", "2000");

    private static final String AUDITED = System.getProperty("psx.audited", "150");

    private static final long MAPS = 200;
    private static final long KILOBYTES = 8_192;

    @TempDir
    Path directory;

    @EachJdk
    void eachHasTheDescriptorsThatItWasGiven(Jdk jdk) {
        Jvm jvm = Jvm.of(jdk).nativeAccess().agent("").option("-Ddirectory=" + directory);
        String seed = Long.toString(System.nanoTime());
        try (Child child = jvm.start(DescriptorAuditApp.class, AUDITED, seed)) {
            child.await("done");
            assertThat(child.stdout()).as(child.transcript()).contains("wrong = 0 of seed " + seed);
            assertThat(child.exitCode()).isZero();
        }
    }

    @EachJdk
    void nothingIsLeftOfThem(Jdk jdk) {
        Jvm jvm = Jvm.of(jdk)
                .nativeAccess()
                .agent("")
                .option("-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                .environment("MALLOC_ARENA_MAX", "1");
        try (Child child = jvm.start(SpawnLeaksApp.class, SPAWNS)) {
            for (int tenth = 0; tenth < 10; tenth++) {
                child.await("started ");
            }
            child.await("done");
            assertThat(child.exitCode()).as(child.transcript()).isZero();
            Map<String, String> left = LaunchTable.rows(child.stdout());
            assertThat(left.get("descriptors left")).isEqualTo("0");
            assertThat(Long.parseLong(left.get("threads left"))).isLessThanOrEqualTo(2);
            assertThat(Long.parseLong(left.get("maps left"))).isLessThan(MAPS);
            assertThat(Long.parseLong(left.get("kilobytes left"))).isLessThan(KILOBYTES);
            assertThat(Long.parseLong(left.get("direct memory left"))).isLessThan(1 << 20);
        }
    }
}

package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.LongApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.Collector;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jdks;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Half a minute of the long mode, or {@code -Dpsx.seconds=N}, of which {@code src/test/long.sh} makes a million broadcasts. The seed is in the transcript of a failure. */
@RootOnly
class LongModeIT {

    private static final int SECONDS = Integer.getInteger("psx.seconds", 30);

    /** As in ChurnIT: what is judged is not the time. */
    private static final String PATIENT = "give-up=20s";

    static Stream<Arguments> combinations() {
        List<Arguments> all = Jdks.all().stream()
                .flatMap(jdk -> Collector.of(jdk).stream().map(collector -> new Object[] {jdk, collector}))
                .map(Arguments::of)
                .toList();
        int share = Math.max(1, SECONDS / all.size());
        return all.stream().map(each -> Arguments.of(each.get()[0], each.get()[1], share));
    }

    @ParameterizedTest(name = "{0} {1} {2} s")
    @MethodSource("combinations")
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void everyTaskOnceAndNoneMissed(Jdk jdk, Collector collector, int seconds) {
        String seed = Integer.toString(ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE));
        Jvm jvm = Jvm.of(jdk).fixture().agent(PATIENT).option(collector.flag());
        jvm.option("-XX:+UnlockDiagnosticVMOptions", "-XX:-DisplayVMOutput"); // thread dumps
        try (Child child = jvm.start(LongApp.class, seed, "1000000", Integer.toString(seconds))) {
            assertThat(child.exitCode()).as(child::transcript).isZero();
            assertThat(child.stdout()).as(child::transcript).anyMatch(line -> line.matches("done [1-9].*, 0 misses"));
            for (String form : List.of("count", "euid", "both")) {
                assertThat(child.stdout())
                        .as(child::transcript)
                        .anyMatch(line -> line.startsWith("form " + form + ": "));
            }
        }
    }

    /** The control: whoever judges a million broadcasts must see the one that is wrong. */
    @ParameterizedTest
    @CsvSource({"RAN_TWICE, runs on", "MISSED, do not hold on task", "LATE, ran with a uid of before"})
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void noticesAFaultThatIsMadeOnPurpose(String fault, String complaint) {
        Jvm jvm = Jvm.of(Jdks.own()).fixture().agent(PATIENT);
        try (Child child = jvm.start(LongApp.class, "1", "1000000", "60", fault)) {
            assertThat(child.exitCode()).as(child::transcript).isEqualTo(1);
            assertThat(child.stdout())
                    .as(child::transcript)
                    .anyMatch(line -> line.startsWith("FAILED main: ") && line.contains(complaint));
        }
    }
}

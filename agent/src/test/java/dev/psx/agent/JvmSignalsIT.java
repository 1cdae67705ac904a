package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.JvmSignalsApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.Marked;
import dev.psx.agent.testing.RootOnly;

/** The JVM's own signals, safepoints and deoptimisations at the same time as broadcasts: neither disturbs the other. */
@RootOnly
class JvmSignalsIT {

    private static final String DUMP = "Full thread dump";

    /** How many each JVM makes: {@code -Dpsx.broadcasts=2000}. */
    private static final String BROADCASTS = System.getProperty("psx.broadcasts", "500");

    /** With the client compiler each null check that fails is a SIGSEGV; the other one learns to compare. */
    @EachJdk
    void besideBroadcasts(Jdk jdk) {
        Jvm jvm = Jvm.of(jdk)
                .fixture()
                .option("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+DisplayVMOutputToStderr")
                .option("-XX:+UnlockDiagnosticVMOptions", "-XX:GuaranteedSafepointInterval=1")
                .agent("give-up=20s");
        try (Child child = jvm.start(JvmSignalsApp.class, BROADCASTS)) {
            child.await("requested ");
            assertThat(Marked.await(child)).startsWith("done " + BROADCASTS + " broadcasts beside null-checks ");
            assertThat(child.finish()).as(child.transcript()).isZero();
            assertThat(child.stderr()).filteredOn(line -> line.startsWith(DUMP)).hasSizeGreaterThan(3);
        }
    }
}

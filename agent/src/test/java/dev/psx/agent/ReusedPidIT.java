package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.ReusedPidApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import java.util.List;

/** Plain children of ProcessBuilder whose process id a stranger has got: with the agent it is never the stranger that is signalled. */
@RootOnly
class ReusedPidIT {

    /** The verifier looks at the JDK's own classes only if it is told to. */
    @EachJdk
    void theStrangerSurvives(Jdk jdk) {
        assertThat(seen(jvm(jdk).option("-Xverify:all").agent("")))
                .containsExactly(
                        "handle = sent false, the stranger survives",
                        "exit = ended, the stranger survives",
                        "process = asked, the stranger survives",
                        "descriptors of running children = 1",
                        "descriptors left = 0");
    }

    /** Negative control. */
    @EachJdk
    void withoutTheAgentItIsKilled(Jdk jdk) {
        assertThat(seen(jvm(jdk)))
                .containsExactly(
                        "handle = sent true, the stranger ended 137",
                        "exit = waits, the stranger survives",
                        "process = asked, the stranger ended 137",
                        "descriptors of running children = 0",
                        "descriptors left = 0");
    }

    private static Jvm jvm(Jdk jdk) {
        return Jvm.of(jdk)
                .through("unshare", "--pid", "--fork", "--mount-proc", "--kill-child")
                .option("--add-opens=java.base/java.lang=ALL-UNNAMED");
    }

    private static List<String> seen(Jvm jvm) {
        try (Child child = jvm.start(ReusedPidApp.class)) {
            child.await("done");
            assertThat(child.exitCode()).as(child.transcript()).isZero();
            return child.stdout().stream().filter(line -> line.contains(" = ")).toList();
        }
    }
}

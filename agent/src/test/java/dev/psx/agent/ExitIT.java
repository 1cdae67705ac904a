package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.ExitApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;

/** The JVM ends while broadcasts are under way: in time, with its own exit code, and without a word. */
@RootOnly
class ExitIT {

    @EachJdk
    void bySystemExit(Jdk jdk) {
        for (int i = 0; i < 4; i++) {
            assertEnds(jdk, "exit", 3);
        }
    }

    @EachJdk
    void bySystemExitWithHooksThatWaitForBroadcasts(Jdk jdk) {
        assertEnds(jdk, "hooks", 3);
    }

    @EachJdk
    void byHalt(Jdk jdk) {
        for (int i = 0; i < 2; i++) {
            assertEnds(jdk, "halt", 3);
        }
    }

    @EachJdk
    void byTheEndOfMain(Jdk jdk) {
        for (int i = 0; i < 2; i++) {
            assertEnds(jdk, "return", 0);
        }
    }

    private static void assertEnds(Jdk jdk, String way, int exitCode) {
        try (Child child = Jvm.of(jdk).fixture().agent("give-up=20s").start(ExitApp.class, way)) {
            assertThat(child.exitCode()).as(child.transcript()).isEqualTo(exitCode);
            assertThat(child.stderr()).isEmpty();
        }
    }
}

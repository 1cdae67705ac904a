package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.psx.agent.apps.CallersApp;
import dev.psx.agent.apps.ClassInitApp;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.Marked;
import dev.psx.agent.testing.RootOnly;

/** Broadcasts from callers of unusual sorts: every task takes part exactly once, whoever asks. */
@RootOnly
class CallersIT {

    private static final int ROUNDS = 100;

    @EachJdk
    void aNativeThreadThatAttachesItselfForIt(Jdk jdk) {
        broadcastFrom(jdk, "attached");
        broadcastFrom(jdk, "attached-daemon");
    }

    @EachJdk
    void aDaemonThatAnAgentRegistersByJvmti(Jdk jdk) {
        broadcastFrom(jdk, "agent-thread");
    }

    @EachJdk
    void aCleaner(Jdk jdk) {
        broadcastFrom(jdk, "cleaner");
    }

    @EachJdk
    void theFinalizer(Jdk jdk) {
        broadcastFrom(jdk, "finalizer");
    }

    @EachJdk
    void aVirtualThread(Jdk jdk) {
        assumeThat(jdk.version()).as("has virtual threads").isGreaterThanOrEqualTo(21);
        broadcastFrom(jdk, "virtual");
        broadcastFrom(jdk, "virtual-synchronized");
        broadcastFrom(jdk, "virtual-pinned");
    }

    /** More virtual threads than carriers wait for the same lock; a carrier must not wait with them. */
    @EachJdk
    void manyVirtualThreadsAtATime(Jdk jdk) {
        assumeThat(jdk.version()).as("has virtual threads").isGreaterThanOrEqualTo(21);
        broadcastFrom(jdk, "virtual-many");
    }

    /** With the agent, and with the library, whose engine is then started in there, too. */
    @EachJdk
    void aClassInitialiserForWhoseEndOthersWait(Jdk jdk) {
        Jvm[] both = {
            Jvm.of(jdk).fixture().agent("give-up=20s"), Jvm.of(jdk).fixture().addToClassPath(Artifacts.library())
        };
        for (Jvm jvm : both) {
            try (Child child = jvm.start(ClassInitApp.class, Integer.toString(ROUNDS))) {
                assertThat(Marked.finish(child))
                        .isEqualTo("done " + ROUNDS + " broadcasts with 4 threads waiting for the class");
            }
        }
    }

    @EachJdk
    void aShutdownHook(Jdk jdk) {
        try (Child child = start(jdk, "hook")) {
            assertThat(Marked.finish(child, 5)).isEqualTo("done " + ROUNDS + " broadcasts from hook");
        }
    }

    private static void broadcastFrom(Jdk jdk, String caller) {
        try (Child child = start(jdk, caller)) {
            assertThat(Marked.finish(child)).matches("done 10\\d broadcasts from " + caller);
        }
    }

    private static Child start(Jdk jdk, String caller) {
        return Jvm.of(jdk).fixture().agent("give-up=20s").start(CallersApp.class, caller, Integer.toString(ROUNDS));
    }
}

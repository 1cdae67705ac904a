package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.StackFrame;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.EventSet;
import dev.psx.agent.apps.ToolApp;
import dev.psx.agent.testing.Debugger;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.LoadedJvm;
import dev.psx.agent.testing.RootOnly;
import java.time.Duration;
import java.util.List;

/** A debugger that suspends all Java threads, each at a point of its own: broadcasts go on, or are refused in time. */
@RootOnly
class DebuggerIT {

    private static final int TURNS = 20;
    private static final int BROADCASTS = 3;
    private static final int BROADCASTS_AFTERWARDS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Either agent may be the first on the command line. */
    @EachJdk
    void suspendsAndResumesAllThreadsOverAndOver(Jdk jdk) throws IncompatibleThreadStateException {
        for (boolean first : new boolean[] {true, false}) {
            Jvm jvm = Jvm.of(jdk).fixture();
            jvm = first
                    ? jvm.option(Debugger.OPTION).agent(LoadedJvm.PATIENT)
                    : jvm.agent(LoadedJvm.PATIENT).option(Debugger.OPTION);
            try (LoadedJvm loaded = LoadedJvm.start(jvm)) {
                loaded.await(1, 0);
                try (Debugger debugger = Debugger.attach(loaded.child())) {
                    for (int turn = 0; turn < TURNS; turn++) {
                        suspendAndResume(debugger);
                    }
                }
                loaded.await(BROADCASTS_AFTERWARDS, 0);
                loaded.end();
            }
        }
    }

    /** The thread holds the exec lock: it could be between having been created and having said so. */
    @EachJdk
    void aThreadSuspendedWhileItCreatesOneIsNamedInTime(Jdk jdk) throws InterruptedException {
        Jvm jvm = Jvm.of(jdk).fixture().option(Debugger.OPTION).agent("give-up=2s");
        try (LoadedJvm loaded = LoadedJvm.start(jvm, "quiet", "create");
                Debugger debugger = Debugger.attach(loaded.child())) {
            assertThat(loaded.ask("call", "call")).startsWith("call ok");
            EventSet stopped = debugger.stopIn("dev.psx.spi.ExecLockState", "endCreation");
            ThreadReference holder = ((BreakpointEvent) stopped.iterator().next()).thread();
            assertThat(loaded.ask("call", "call"))
                    .startsWith("call failed dev.psx.UnreachableException")
                    .contains(holder.name(), "nothing has changed");
            stopped.resume();
            assertThat(loaded.ask("call", "call")).startsWith("call ok");
        }
    }

    private static void suspendAndResume(Debugger debugger) throws IncompatibleThreadStateException {
        debugger.vm().suspend();
        long turns = debugger.counter(ToolApp.LOAD, "TURNS");
        assertStacks(debugger.vm().allThreads());
        ThreadReference broadcaster = debugger.thread("tool-broadcaster");
        long rounds = debugger.counter(ToolApp.class, "ROUNDS");
        assertThat(broadcaster.isSuspended()).isTrue();
        broadcaster.resume();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (debugger.counter(ToolApp.class, "ROUNDS") < rounds + BROADCASTS) {
            assertThat(System.nanoTime())
                    .as("broadcasts while all others are suspended")
                    .isLessThan(deadline);
        }
        assertThat(debugger.counter(ToolApp.LOAD, "TURNS")).isEqualTo(turns);
        debugger.vm().resume();
    }

    private static void assertStacks(List<ThreadReference> threads) throws IncompatibleThreadStateException {
        int sleeping = 0;
        for (ThreadReference thread : threads) {
            sleeping += isInLoad(thread.frames(), "sleep") ? 1 : 0;
        }
        assertThat(sleeping).isEqualTo(LoadedJvm.SLEEPERS * 3 / 4);
    }

    private static boolean isInLoad(List<StackFrame> frames, String method) {
        return frames.stream()
                .map(frame -> frame.location().method())
                .anyMatch(each -> each.name().equals(method)
                        && each.declaringType().name().equals(ToolApp.LOAD.getName()));
    }
}

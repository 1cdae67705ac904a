package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.HiddenCallsApp;
import dev.psx.agent.apps.PidFdApp;
import dev.psx.agent.apps.ProcessApp;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import java.util.List;

/** A launched child as a {@code java.lang.Process}, and handles of any process; also where the kernel seems to have no pidfds. */
class ProcessIT {

    private static final List<String> PROCESS = """
            exit = running true 7 7 false exit code 7
            killed = 143 false -1 15 SIGTERM
            aborted = 134 false -1 6 SIGABRT
            timed wait = false true
            interrupted wait = interrupted true
            several waits = 9 9 9 9 9
            on exit = false true true
            destroy = 143 true
            destroy forcibly = 137 true
            signal = true 10 false Process[pid=N, SIGUSR1]
            handle = true true true true true false false Optional.empty true 0
            descendants = 2 0
            streams = to and fro error 0
            late streams = out err
            much output = 3000000 0
            grandchild keeps the pipe = early late null
            closed while reading = true
            broken pipe = Broken pipe
            files = 1|2
            inherited = yes
            inherit = 0
            usage = true
            threads = true 300
            descriptors left = 0
            children left = true
            """.lines().toList();

    private static final List<String> HANDLES = """
            own process = true true
            gone = false false false Optional.empty
            open gone = ESRCH
            thread = EINVAL
            no id = there is no process id 0
            stranger = true false true Optional.empty
            child of ProcessBuilder = Optional[exit code 3] 3
            child of Launcher = Optional[exit code 4] 4 false
            signal with value = queued 4711
            closed = IllegalStateException IllegalStateException
            closed while waiting = Optional[SIGKILL]
            zombie = false true Optional[exit code 5] ECHILD
            """.lines().toList();

    @EachJdk
    void childrenAreProcesses(Jdk jdk) {
        try (Child child = Jvm.of(jdk).nativeAccess().agent("").start(ProcessApp.class)) {
            assertSaid(child, PROCESS);
        }
    }

    @EachJdk
    void withoutTheAgentToo(Jdk jdk) {
        Jvm jvm = Jvm.of(jdk).nativeAccess().addToClassPath(Artifacts.library());
        try (Child child = jvm.start(ProcessApp.class)) {
            assertSaid(child, PROCESS);
        }
    }

    /** Starting children changes no privileges of this process. */
    @EachJdk
    void whereTheApiIsOff(Jdk jdk) {
        try (Child child = Jvm.of(jdk).nativeAccess().agent("api=off").start(ProcessApp.class)) {
            assertSaid(child, PROCESS);
        }
    }

    @EachJdk
    void handlesOfAnyProcess(Jdk jdk) {
        try (Child child = Jvm.of(jdk).nativeAccess().agent("").start(PidFdApp.class)) {
            assertSaid(child, HANDLES);
        }
    }

    /** The first JVM starts others like itself behind a filter that hides one call from them. */
    @EachJdk
    void withoutPidfdsChildrenAndHandlesWorkByTheirIds(Jdk jdk) {
        for (String hidden : List.of("pidfd_open", "pidfd_send_signal", "waitid of pidfds", "clone3", "close_range")) {
            Jvm jvm = Jvm.of(jdk).nativeAccess().agent("");
            try (Child child = jvm.start(HiddenCallsApp.class, hidden, PidFdApp.class.getName())) {
                assertSaid(child, HANDLES);
            }
        }
    }

    @EachJdk
    void withoutPidfdsChildrenAreProcessesStill(Jdk jdk) {
        List<String> expected = PROCESS.stream()
                .map(line -> line.replace("threads = true", "threads = false"))
                .toList();
        Jvm jvm = Jvm.of(jdk).nativeAccess().agent("");
        try (Child child = jvm.start(HiddenCallsApp.class, "pidfd_send_signal", ProcessApp.class.getName())) {
            assertSaid(child, expected);
        }
    }

    private static void assertSaid(Child child, List<String> expected) {
        child.await("done");
        List<String> said = child.stdout().stream()
                .filter(line -> line.contains(" = "))
                .map(line -> line.replaceAll("pid=\\d+", "pid=N"))
                .toList();
        assertThat(said).as(child.transcript()).isEqualTo(expected);
        assertThat(child.exitCode()).as(child.transcript()).isZero();
    }
}

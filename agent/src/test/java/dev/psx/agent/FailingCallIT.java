package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.TaskView;
import java.util.Map;
import java.util.stream.Collectors;

/** A call that fails changes nothing on any task, whether the kernel refuses it or a task cannot be gathered. */
@RootOnly
class FailingCallIT {

    private static final int PRCTL = System.getProperty("os.arch").equals("aarch64") ? 167 : 157;

    @EachJdk
    void leavesEveryTaskUntouched(Jdk jdk) {
        try (Child child = started(jdk, "")) {
            Map<Integer, String> before = states(child);
            assertThat(child.ask("syscall " + PRCTL + " 99999 0 0"))
                    .startsWith("failed dev.psx.ErrnoException")
                    .contains("EINVAL");
            assertStates(before, child);

            assertThat(child.ask("posix setresuid 65534 65534 65534")).startsWith("ok");
            Map<Integer, String> dropped = states(child);
            assertThat(child.ask("posix setuid 0"))
                    .startsWith("failed dev.psx.ErrnoException")
                    .contains("EPERM");
            assertStates(dropped, child);
        }
    }

    @EachJdk
    void aTaskOutOfReachMakesTheCallFail(Jdk jdk) {
        try (Child child = started(jdk, "give-up=500ms")) {
            assertThat(child.ask("blocked")).startsWith("ok");
            Map<Integer, String> before = states(child);
            assertThat(child.ask("posix setresuid 65534 65534 65534"))
                    .startsWith("failed dev.psx.UnreachableException");
            assertStates(before, child);
            assertThat(child.ask("plan nobody")).startsWith("failed dev.psx.UnreachableException");
            assertStates(before, child);
        }
    }

    private static Child started(Jdk jdk, String options) {
        Child child = Jvm.of(jdk).fixture().agent(options).start(Console.class);
        child.await("ready");
        assertThat(child.ask("crowd 20 5 2")).startsWith("ok");
        return child;
    }

    /** The JVM's own threads come and go meanwhile, and those that are born inherit. */
    private static void assertStates(Map<Integer, String> expected, Child child) {
        states(child).forEach((tid, state) -> {
            if (expected.containsKey(tid)) {
                assertThat(state).as("task %d", tid).isEqualTo(expected.get(tid));
            } else {
                assertThat(expected.values()).as("task %d, new", tid).contains(state);
            }
        });
    }

    private static Map<Integer, String> states(Child child) {
        return OutsideView.tasks(child.pid()).stream().collect(Collectors.toMap(TaskView::tid, TaskView::state));
    }
}

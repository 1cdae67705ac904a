package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.apps.PlainJnaApp;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.Cli;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.TaskView;
import java.util.List;

/** Without us the attack works: one thread changes its ids, the others stay root, and {@code status} says so. */
@RootOnly
class NegativeControlIT {

    @EachJdk
    void plainJnaChangesOneThread(Jdk jdk) {
        Jvm jvm = Jvm.of(jdk).fixture().addToClassPath(List.of(Artifacts.dependency("jna")));
        try (Child child = jvm.start(PlainJnaApp.class)) {
            int changed = Integer.parseInt(child.await("changed").split(" ")[1]);
            List<TaskView> tasks = OutsideView.tasks(child.pid());
            assertThat(tasks).hasSizeGreaterThan(20 + 5 + 3);
            for (TaskView task : tasks) {
                int expected = task.tid() == changed ? 65534 : 0;
                assertThat(task.uid()).as(task.name()).containsOnly(expected);
            }
            assertDivergedNaming(Cli.status(jdk, child), tasks);
        }
    }

    /** libc's own broadcast reaches the threads that libc made, and no others. */
    @EachJdk
    void libcMissesTasksItDoesNotKnow(Jdk jdk) {
        try (Child child = Jvm.of(jdk).fixture().agent("").start(Console.class)) {
            child.await("ready");
            child.ask("crowd 4 5 3");
            assertThat(child.ask("libc-seteuid 65534")).isEqualTo("ok 0");
            assertThat(effectiveRoots(child)).isEqualTo(3);
            assertThat(Cli.status(jdk, child).exitCode()).isEqualTo(1);
            assertThat(child.ask("libc-seteuid 0")).isEqualTo("ok 0");
            assertThat(child.ask("posix seteuid 65534")).startsWith("ok");
            assertThat(effectiveRoots(child)).isZero();
            assertThat(Cli.status(jdk, child).exitCode()).isZero();
        }
    }

    private static long effectiveRoots(Child child) {
        return OutsideView.tasks(child.pid()).stream()
                .filter(task -> task.uid().get(1) == 0)
                .count();
    }

    private static void assertDivergedNaming(Child status, List<TaskView> tasks) {
        assertThat(status.exitCode()).as(status.transcript()).isEqualTo(1);
        String printed = String.join("\n", status.stdout());
        for (TaskView task : tasks) {
            assertThat(printed).contains(Integer.toString(task.tid()));
        }
    }
}

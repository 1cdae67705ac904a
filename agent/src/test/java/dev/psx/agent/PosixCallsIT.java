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
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The nine set*id calls, in the order of the tests of Go's syscall package; all tasks are looked at after each. */
@RootOnly
class PosixCallsIT {

    private static final String[][] CALLS = {
        {"setegid 1", "gid 0 1 0 1"},
        {"setegid 0", "gid 0 0 0 0"},
        {"seteuid 1", "uid 0 1 0 1"},
        {"setuid 0", "uid 0 0 0 0"},
        {"setgid 1", "gid 1 1 1 1"},
        {"setgid 0", "gid 0 0 0 0"},
        {"setgroups 0 1 2 3", "groups 0 1 2 3"},
        {"setgroups", "groups"},
        {"setgroups 0", "groups 0"},
        {"setregid 101 0", "gid 101 0 0 0"},
        {"setregid 0 102", "gid 0 102 102 102"},
        {"setregid 0 0", "gid 0 0 0 0"},
        {"setreuid 1 0", "uid 1 0 0 0"},
        {"setreuid 0 2", "uid 0 2 2 2"},
        {"setreuid 0 0", "uid 0 0 0 0"},
        {"setresgid 101 0 102", "gid 101 0 102 0"},
        {"setresgid 0 102 101", "gid 0 102 101 102"},
        {"setresgid 0 0 0", "gid 0 0 0 0"},
        {"setresuid 1 0 2", "uid 1 0 2 0"},
        {"setresuid 0 2 1", "uid 0 2 1 2"},
        {"setresuid 0 0 0", "uid 0 0 0 0"},
    };

    @EachJdk
    void changeEveryTask(Jdk jdk) {
        try (Child child = Jvm.of(jdk).fixture().agent("").start(Console.class)) {
            child.await("ready");
            assertThat(child.ask("crowd 100 5 0")).startsWith("ok");
            for (String[] row : CALLS) {
                assertThat(child.ask("posix " + row[0])).startsWith("ok");
                List<TaskView> tasks = OutsideView.tasks(child.pid());
                assertThat(tasks).hasSizeGreaterThan(105);
                tasks.forEach(task -> assertState(task, row[0], row[1]));
            }
            assertThat(child.finish()).isZero();
        }
    }

    private static void assertState(TaskView task, String call, String expected) {
        String[] words = expected.split(" ");
        List<Integer> ids = Stream.of(words).skip(1).map(Integer::valueOf).toList();
        String who = "task " + task.tid() + " " + task.name() + " after " + call;
        switch (words[0]) {
            case "uid" -> assertThat(task.uid()).as(who).isEqualTo(ids);
            case "gid" -> assertThat(task.gid()).as(who).isEqualTo(ids);
            default -> assertThat(task.groups()).as(who).isEqualTo(new TreeSet<>(ids));
        }
    }
}

package dev.psx.agent.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A user as {@code id} knows it, and what a task that was dropped to it must look like. */
public record Account(String name, int uid, int gid, SortedSet<Integer> groups) {

    public static Account named(String name) {
        return new Account(name, number("-u", name), number("-g", name), new TreeSet<>(ids(List.of("id", "-G", name))));
    }

    /** Fails unless every task of the process runs as this user without any privilege, and returns the tasks. */
    public List<TaskView> assertDropped(Child child) {
        List<TaskView> tasks = OutsideView.tasks(child.pid());
        assertThat(tasks).as("tasks" + child.transcript()).isNotEmpty();
        for (TaskView task : tasks) {
            assertThat(task.state())
                    .as("task %d %s", task.tid(), task.name())
                    .isEqualTo(dropped().state());
        }
        return tasks;
    }

    private TaskView dropped() {
        List<Integer> uids = List.of(uid, uid, uid, uid);
        List<Integer> gids = List.of(gid, gid, gid, gid);
        return new TaskView(0, name, uids, gids, groups, 0, 0, 0, 0, 0, 1, 0);
    }

    private static int number(String flag, String name) {
        return ids(List.of("id", flag, name)).get(0);
    }

    private static List<Integer> ids(List<String> command) {
        try (Child id = Child.run(command)) {
            assertThat(id.exitCode()).as("%s%s", command, id.transcript()).isZero();
            return Stream.of(id.stdout().get(0).split(" "))
                    .map(Integer::parseUnsignedInt)
                    .toList();
        }
    }
}

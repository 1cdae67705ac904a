package dev.psx.agent.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** The end of an application that has broadcast while something else went on: every task has its last change, and it ends well. */
public final class Marked {

    private static final List<Integer> UID = List.of(0, 0, 0, 0);
    private static final List<Integer> GID = List.of(0, 1, 0, 1);

    private Marked() {}

    /** Waits for the application's word, looks at all tasks, and returns what it said. */
    public static String await(Child child) {
        String said = child.await("done ");
        assertThat(OutsideView.tasks(child.pid())).isNotEmpty().allSatisfy(task -> {
            assertThat(task.gid()).as("task %d %s", task.tid(), task.name()).isEqualTo(GID);
            assertThat(task.uid()).as("task %d %s", task.tid(), task.name()).isEqualTo(UID);
        });
        return said;
    }

    /** Also lets the application end, with this exit code and without a word on standard error. */
    public static String finish(Child child, int exitCode) {
        String said = await(child);
        assertThat(child.finish()).as(child.transcript()).isEqualTo(exitCode);
        assertThat(child.stderr()).isEmpty();
        return said;
    }

    public static String finish(Child child) {
        return finish(child, 0);
    }
}

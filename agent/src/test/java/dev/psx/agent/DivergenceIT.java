package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.DivergenceApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Heartbeat;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.TaskView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Tasks with a seccomp filter of their own cannot follow a change: what each policy makes of that. */
@RootOnly
class DivergenceIT {

    private static final List<Integer> OLD = List.of(0, 0, 0, 0);
    private static final List<Integer> NEW = List.of(0, 1, 0, 1);
    private static final int NEW_EUID = 1;
    private static final int DIVERGED = 70;

    /** Java threads, native threads that always run, and such as mostly sleep. */
    private static final int BEATS = 2 + 2 + 4;

    @TempDir
    Path directory;

    @EachJdk
    void isIgnored(Jdk jdk) {
        try (Child child = start(jdk, "", "IGNORE", 1, "eperm")) {
            List<Integer> filtered = change(child, 1);
            child.await("returned");
            assertChangedBut(child, filtered);
            assertThat(child.stderr()).isEmpty();
        }
    }

    @EachJdk
    void isWarnedOf(Jdk jdk) {
        for (String[] way : new String[][] {{"", "WARN"}, {"on-divergence=warn", "default"}}) {
            try (Child child = start(jdk, way[0], way[1], 2, "eperm")) {
                List<Integer> filtered = change(child, 2);
                child.await("returned");
                assertChangedBut(child, filtered);
                assertMessage(child.awaitError(""), "psx-agent: ", filtered);
                assertThat(child.stderr()).hasSize(1);
            }
        }
    }

    @EachJdk
    void isThrown(Jdk jdk) {
        for (String[] way : new String[][] {{"", "THROW"}, {"on-divergence=throw", "default"}}) {
            try (Child child = start(jdk, way[0], way[1], 2, "eperm")) {
                List<Integer> filtered = change(child, 2);
                String message = child.await("message ");
                assertMessage(message, "message ", filtered);
                child.await("threw");
                List<TaskView> tasks = assertChangedBut(child, filtered);
                assertResults(child, tasks, filtered);
                assertThat(child.stderr()).isEmpty();
            }
        }
    }

    /** The task is no more, so it has no result; the others have changed. */
    @EachJdk
    void namesATaskThatWasEnded(Jdk jdk) {
        try (Child child = start(jdk, "", "THROW", 1, "kill")) {
            int ended = change(child, 1).get(0);
            assertThat(child.await("message ")).contains("; task " + ended, " ended in setresuid(-1, 1, -1)");
            child.await("threw");
            assertChangedBut(child, List.of());
            assertThat(child.stdout()).noneMatch(line -> line.startsWith("result " + ended + " "));
        }
    }

    @EachJdk
    void haltsTheProcess(Jdk jdk) {
        for (String policy : List.of("HALT", "default")) {
            Path beats = Heartbeat.file(directory);
            try (Child child = start(jdk, "", policy, 1, "eperm", beats)) {
                List<Integer> filtered = change(child, 1);
                assertHalted(child, "-1 (a negative errno) on task " + filtered.get(0));
                assertThat(Heartbeat.all(beats))
                        .hasSize(BEATS)
                        .allMatch(beat -> beat.euid() != NEW_EUID, "never ran with the new uid");
            }
        }
    }

    @EachJdk
    void haltsWhenATaskWasEnded(Jdk jdk) {
        Path beats = Heartbeat.file(directory);
        try (Child child = start(jdk, "", "HALT", 1, "kill", beats)) {
            List<Integer> filtered = change(child, 1);
            assertHalted(child, "task " + filtered.get(0) + " was ended");
            assertThat(Heartbeat.all(beats))
                    .hasSize(BEATS)
                    .allMatch(beat -> beat.euid() != NEW_EUID, "never ran with the new uid");
        }
    }

    /** The caller, which is the first to change, notes the time: nobody has run any code since. */
    @EachJdk
    void nobodyRunsAfterTheFirstChange(Jdk jdk) {
        Path beats = Heartbeat.file(directory);
        try (Child child = start(jdk, "", "timed-halt", 1, "eperm", beats)) {
            change(child, 1);
            assertHalted(child, "tasks diverged");
        }
        assertThat(Heartbeat.change(beats)).isPositive();
        assertThat(Heartbeat.all(beats))
                .hasSize(BEATS)
                .allMatch(beat -> beat.time() < Heartbeat.change(beats), "last ran before the change");
    }

    /** The control: where the process goes on, everybody runs after it. */
    @EachJdk
    void everybodyRunsOnWithoutHalt(Jdk jdk) {
        Path beats = Heartbeat.file(directory);
        try (Child child = start(jdk, "", "timed", 1, "eperm", beats)) {
            change(child, 1);
            child.await("done");
        }
        assertThat(Heartbeat.all(beats))
                .hasSize(BEATS)
                .allMatch(beat -> beat.time() > Heartbeat.change(beats), "ran after the change")
                .allMatch(beat -> beat.euid() == NEW_EUID, "ran with the new uid");
    }

    private Child start(Jdk jdk, String options, String policy, int filters, String action) {
        return start(jdk, options, policy, filters, action, Heartbeat.file(directory));
    }

    private static Child start(Jdk jdk, String options, String policy, int filters, String action, Path beats) {
        return Jvm.of(jdk)
                .fixture()
                .agent("give-up=20s" + (options.isEmpty() ? "" : "," + options))
                .start(DivergenceApp.class, policy, Integer.toString(filters), action, beats.toString());
    }

    /** Has the application make the change, and returns the tids of the tasks with a filter. */
    private static List<Integer> change(Child child, int filters) {
        List<Integer> filtered = new ArrayList<>();
        for (int i = 0; i < filters; i++) {
            filtered.add(Integer.valueOf(child.await("filtered ").split(" ")[1]));
        }
        child.await("ready");
        child.send("");
        return filtered;
    }

    private static List<TaskView> assertChangedBut(Child child, List<Integer> filtered) {
        child.await("done");
        List<TaskView> tasks = OutsideView.tasks(child.pid());
        assertThat(tasks).extracting(TaskView::tid).containsAll(filtered);
        for (TaskView task : tasks) {
            assertThat(task.uid()).as(task.name()).isEqualTo(filtered.contains(task.tid()) ? OLD : NEW);
        }
        return tasks;
    }

    private static void assertMessage(String message, String start, List<Integer> filtered) {
        StringBuilder expected =
                new StringBuilder(start + "the tasks of this process have diverged: the calling task got 0");
        for (int tid : filtered) {
            expected.append("; task ").append(tid).append(" (fixture-filter) got -EPERM from setresuid(-1, 1, -1)");
        }
        assertThat(message).isEqualTo(expected.toString());
    }

    /** The JVM's own threads may end, or be born and inherit, after the call. */
    private static void assertResults(Child child, List<TaskView> tasks, List<Integer> filtered) {
        List<String> results = child.stdout().stream()
                .filter(line -> line.startsWith("result "))
                .toList();
        assertThat(results).hasSizeGreaterThan(tasks.size() / 2);
        for (String result : results) {
            String[] words = result.split(" ");
            boolean differs = filtered.contains(Integer.valueOf(words[1]));
            assertThat(words[words.length - 1]).as(result).isEqualTo(differs ? "-1" : "0");
        }
        for (TaskView task : tasks) {
            if (task.name().startsWith("crowd") || task.name().startsWith("fixture")) {
                assertThat(results).as(task.name()).anyMatch(line -> line.startsWith("result " + task.tid() + " "));
            }
        }
    }

    private static void assertHalted(Child child, String part) {
        assertThat(child.exitCode()).as(child.transcript()).isEqualTo(DIVERGED);
        assertThat(child.stdout()).last().isEqualTo("ready");
        assertThat(child.stderr()).hasSize(1);
        assertThat(child.stderr().get(0))
                .startsWith("psx-agent: tasks diverged: ")
                .contains(part, "the process ends with code 70. ", "the likely cause");
    }
}

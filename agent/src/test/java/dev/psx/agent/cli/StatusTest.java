package dev.psx.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Fixtures;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.TaskView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command on real processes in which nothing differs; no privilege is needed to make them. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StatusTest {

    private static final List<String> FIELDS = List.of(
            "tid",
            "comm",
            "registered",
            "thread",
            "uid",
            "gid",
            "groups",
            "capInheritable",
            "capPermitted",
            "capEffective",
            "capBounding",
            "capAmbient",
            "noNewPrivs",
            "seccomp",
            "kind");

    static Child actor(String... actions) {
        List<String> command = new ArrayList<>(List.of(Fixtures.actor().toString()));
        command.addAll(List.of(actions));
        Child child = Child.start(command);
        child.await("ready");
        return child;
    }

    @EachJdk
    void jvmWithoutTheAgent(Jdk jdk) {
        try (Child jvm = Jvm.of(jdk).start(Console.class)) {
            jvm.await("ready");
            List<Integer> there = tids(jvm.pid());
            Run run = Run.status(jvm.pid(), "--json");
            there.retainAll(tids(jvm.pid())); // the JVM starts and ends threads of its own

            assertThat(run.exitCode()).isZero();
            assertThat(run.tasks()).extracting(task -> task.get("tid")).containsAll(there);
            assertThat(run.json().keySet()).containsExactly("pid", "consistent", "tasks");
            assertThat(run.json()).containsEntry("pid", (int) jvm.pid()).containsEntry("consistent", true);
            assertThat(run.tasks())
                    .allSatisfy(task -> assertThat(task.keySet()).containsExactlyElementsOf(FIELDS))
                    .allSatisfy(task -> assertThat(task).containsEntry("registered", false))
                    .allSatisfy(task -> assertThat(task).containsEntry("thread", null));
            assertThat(kindOf(run, "VM Thread")).isEqualTo("vm");
            assertThat(kindOf(run, "C2 CompilerThre")).isEqualTo("vm");
            assertThat(kindOf(run, "Common-Cleaner")).isEqualTo("native");
            assertThat(Run.status(jvm.pid()).out()).contains("no thread table");
        }
    }

    @Test
    void plainProcess() {
        try (Child sleep = Child.start(List.of("sleep", "1000"))) {
            Run run = Run.status(sleep.pid());

            assertThat(run.exitCode()).isZero();
            assertThat(run.err()).isEmpty();
            assertThat(run.lastLine()).isEqualTo("consistent: there is only one task");
        }
    }

    @Test
    void tableNamesJavaThreads() {
        try (Child actor = actor("junk", "table", "junk", "threads", "3")) {
            Run json = Run.status(actor.pid(), "--json");
            Run text = Run.status(actor.pid());

            assertThat(json.tasks().get(0))
                    .containsEntry("registered", true)
                    .containsEntry("thread", "m\u00e4in\033[2J\nx")
                    .containsEntry("kind", "java");
            assertThat(json.tasks().subList(1, 4))
                    .hasSize(3)
                    .allSatisfy(task -> assertThat(task).containsEntry("registered", false))
                    .allSatisfy(task -> assertThat(task).containsEntry("kind", "native"));
            assertThat(text.out()).contains("4 tasks, 1 registered Java thread", "m\u00e4in\\u001b[2J\\u000ax");
        }
    }

    @Test
    void whatOnlyLooksLikeATableIsNone() {
        try (Child actor = actor("junk")) {
            assertThat(Run.status(actor.pid()).out()).contains("no thread table");
            assertThat(Run.status(actor.pid(), "--json").tasks())
                    .allSatisfy(task -> assertThat(task).containsEntry("registered", false));
        }
    }

    @Test
    void namesAreEscaped() {
        try (Child actor = actor("name")) {
            Run json = Run.status(actor.pid(), "--json");
            Run text = Run.status(actor.pid());

            assertThat(json.tasks().get(0)).containsEntry("comm", "e\033[2J\nTgid:\t1\\");
            assertThat(json.out().codePoints()).allMatch(c -> c == '\n' || c >= ' ' && c < 0x7f);
            assertThat(text.out()).contains("e\\u001b[2J\\u000aTgid:\\u00091\\\\");
            assertThat(text.out().codePoints()).allMatch(c -> c == '\n' || c >= ' ');
            assertThat(text.out().lines()).allMatch(line -> line.length() <= 100);
        }
    }

    @Test
    void thousandsOfTasks() {
        try (Child actor = actor("threads", "3000")) {
            Run run = Run.status(actor.pid());

            assertThat(run.lastLine()).isEqualTo("consistent: all 3001 tasks have the same credentials");
        }
    }

    @Test
    void tasksThatEndWhileTheyAreRead() {
        try (Child actor = actor("threads", "50", "churn", "churn", "churn")) {
            for (int i = 0; i < 50; i++) {
                Run run = Run.status(actor.pid(), "--json");

                assertThat(run.err()).isEmpty();
                assertThat(run.exitCode()).isZero();
                assertThat(run.tasks().size()).isGreaterThanOrEqualTo(54);
            }
        }
    }

    @Test
    void deadLeaderDoesNotHideTheTable() throws IOException {
        try (Child actor = actor("table", "end")) {
            awaitDead(actor.pid());
            Run run = Run.status(actor.pid());

            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).contains("2 tasks, 1 registered Java thread", "1 dead task left out of the verdict");
        }
    }

    @Test
    void attachingSparesProcessesThatAreNoJvm() {
        try (Child sleep = Child.start(List.of("sleep", "1000"))) {
            assertNoProcess(Run.status(sleep.pid(), "--attach"), "not a HotSpot JVM");
            assertThat(sleep.isAlive()).isTrue();
        }
    }

    @Test
    void noSuchProcess() {
        Child ended = Child.run(List.of("true"));

        assertNoProcess(Run.status(ended.pid()), "no such process: " + ended.pid());
    }

    @Test
    void zombieIsNoProcess() throws IOException {
        // The child ends when the shell has become a program that never asks for it; the shell itself might.
        String script = "while grep -q sh /proc/$$/comm; do :; done & echo $!; exec sleep 1000";
        try (Child parent = Child.start(List.of("sh", "-c", script))) {
            long zombie = Long.parseLong(parent.await(""));
            awaitDead(zombie);

            assertNoProcess(Run.status(zombie), "zombie");
        }
    }

    @Test
    void threadIsNoProcess() {
        try (Child actor = actor("threads", "1")) {
            int tid = (int) Run.status(actor.pid(), "--json").tasks().get(1).get("tid");

            assertNoProcess(Run.status(tid), tid + " is a thread of process " + actor.pid());
        }
    }

    /** Needs no time limit of its own: the test has one. */
    private static void awaitDead(long pid) throws IOException {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        while (!Files.readString(stat).contains(") Z ")) {
            Thread.onSpinWait();
        }
    }

    private static List<Integer> tids(long pid) {
        return new ArrayList<>(
                OutsideView.tasks(pid).stream().map(TaskView::tid).toList());
    }

    static void assertNoProcess(Run run, String message) {
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("psx-agent: ").contains(message);
        assertThat(run.err().lines()).hasSize(1);
    }

    private static Object kindOf(Run run, String prefix) {
        return run.tasks().stream()
                .filter(task -> task.get("comm").toString().startsWith(prefix))
                .map((Map<String, Object> task) -> task.get("kind"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + prefix + " in " + run.out()));
    }
}

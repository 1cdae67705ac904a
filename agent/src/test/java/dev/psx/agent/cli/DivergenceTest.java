package dev.psx.agent.cli;

import static dev.psx.agent.cli.StatusTest.actor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.Jdks;
import dev.psx.agent.testing.RootOnly;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command on real processes whose tasks differ. */
@RootOnly
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DivergenceTest {

    @Test
    void oneThreadThatDiffersIsNamed() {
        try (Child actor = actor("threads", "20", "stray")) {
            Run json = Run.status(actor.pid(), "--json");
            Run text = Run.status(actor.pid());

            assertThat(json.exitCode()).isEqualTo(1);
            assertThat(json.json()).containsEntry("consistent", false);
            Map<String, Object> stray = task(json, "stray");
            assertThat(stray)
                    .containsEntry("uid", List.of(1, 2, 3, 2))
                    .containsEntry("capEffective", "0000000000000000");
            assertThat(text.exitCode()).isEqualTo(1);
            assertThat(text.out())
                    .contains(
                            "B differs from A: uid 1/2/3/2 instead of 0;", "   task " + stray.get("tid") + " stray\n");
            assertThat(text.lastLine())
                    .isEqualTo("DIVERGED: 1 of 22 tasks does not have the credentials of the other 21");
        }
    }

    /** The test of the program that the negative controls rely on: it must say so when all but one are still root. */
    @Test
    void majorityIsWhatOthersAreComparedWith() {
        try (Child actor = actor("threads", "3", "uid", "65534")) {
            Run text = Run.status(actor.pid());

            assertThat(text.exitCode()).isEqualTo(1);
            assertThat(text.out()).contains("uid 65534 instead of 0", "   task " + actor.pid() + " actor\n");
        }
    }

    @Test
    void poolWorkerOfTheKernelDoesNotCount() {
        try (Child actor = actor("worker", "uid", "1")) {
            Run json = Run.status(actor.pid(), "--json");
            Run text = Run.status(actor.pid());

            assertThat(json.exitCode()).isZero();
            assertThat(task(json, "iou-wrk-"))
                    .containsEntry("kind", "kernel")
                    .containsEntry("uid", List.of(0, 0, 0, 0));
            assertThat(text.out()).contains("1 kernel worker left out of the verdict");
        }
    }

    @Test
    void pollerWithOtherCredentialsIsADivergence() {
        try (Child actor = actor("poller", "uid", "1")) {
            Run text = Run.status(actor.pid());

            assertThat(text.exitCode()).isEqualTo(1);
            assertThat(text.out()).contains("an io_uring poller");
        }
    }

    @Test
    void pollerCannotDisguiseItself() {
        try (Child actor = actor("poller", "disguise", "uid", "1")) {
            Run json = Run.status(actor.pid(), "--json");

            assertThat(json.exitCode()).isEqualTo(1);
            assertThat(task(json, "iou-wrk-1")).containsEntry("kind", "kernel");
        }
    }

    @Test
    void threadCannotDisguiseItselfAsAKernelWorker() {
        try (Child actor = actor("stray", "disguise")) {
            Run json = Run.status(actor.pid(), "--json");

            assertThat(json.exitCode()).isEqualTo(1);
            assertThat(task(json, "iou-wrk-1")).containsEntry("kind", "native");
        }
    }

    @Test
    void pollerWithTheSameCredentialsIsNone() {
        try (Child actor = actor("poller")) {
            assertThat(Run.status(actor.pid()).exitCode()).isZero();
        }
    }

    @Test
    void whoMayNotLookIsToldSo() {
        try (Child actor = actor("uid", "1");
                Child status = Child.run(List.of(
                        "setpriv",
                        "--bounding-set=-sys_ptrace",
                        Jdks.own().tool("java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Main.class.getName(),
                        "status",
                        Long.toString(actor.pid())))) {
            assertThat(status.exitCode()).isEqualTo(3);
            assertThat(status.stdout()).isEmpty();
            assertThat(status.stderr())
                    .containsExactly("psx-agent: not allowed to look at process " + actor.pid()
                            + " (EACCES): run this as root; in a container as root with CAP_SYS_PTRACE");
        }
    }

    private static Map<String, Object> task(Run run, String prefix) {
        return run.tasks().stream()
                .filter(task -> task.get("comm").toString().startsWith(prefix))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + prefix + " in " + run.out()));
    }
}

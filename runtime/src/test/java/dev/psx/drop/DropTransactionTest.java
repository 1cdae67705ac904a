package dev.psx.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.psx.DivergenceException;
import dev.psx.ErrnoException;
import dev.psx.UnreachableException;
import dev.psx.check.FixUps;
import dev.psx.spi.BroadcastReport;
import dev.psx.spi.FakePort;
import dev.psx.spi.FakePort.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The target is uid, gid and group 1000; bit 0 and bit 2 are in the bounding set before. */
class DropTransactionTest {

    private static final int IO_WORKER = 0x10;
    private static final Status TARGET = Status.dropped(1000);

    private final FakePort port = new FakePort();
    private DropSpec spec;

    @BeforeEach
    void startAsRoot() {
        port.users.put("app", new Object[] {"app", 1000, 1000, new int[] {1000}});
        spec = new DropSpecBuilder().user("app").build(port);
        port.requests.clear();
        tasks(Status.ROOT);
        port.onBroadcast = () -> tasks(TARGET);
    }

    @AfterEach
    void theLockIsNeverLeftBehind() {
        long taken = port.requests.stream().filter("lock-exclusive"::equals).count();
        long given = port.requests.stream().filter("unlock-exclusive"::equals).count();
        assertThat(given).isEqualTo(port.lockFree ? taken : 0);
    }

    private void tasks(Status status) {
        port.task(10, "main", status).task(11, "worker", status);
    }

    @Test
    void theCallsComeInAnOrderThatWorks() {
        DropResult result = DropTransaction.run(port, spec, FixUps.none());

        assertThat(port.calls())
                .containsExactly(
                        "setgroups", "setresgid", "prctl 24 0", "prctl 24 2", "setresuid", "capset", "prctl 38 1");
        assertThat(port.haltCode).isEqualTo(70);
        assertThat(port.requests)
                .containsExactly("lock-exclusive", "tasks", "probe", "broadcast", "tasks", "unlock-exclusive");
        assertThat(result.changed()).isTrue();
        assertThat(result.tasks()).isEqualTo(2);
        assertThat(result.pauseNanos()).isEqualTo(42_000);
        assertThat(result.calls())
                .contains("setgroups(1000)", "setresuid(1000, 1000, 1000)", "prctl(PR_CAPBSET_DROP, 2)");
        assertThat(result.before()).hasSize(1);
        assertThat(result.toString())
                .contains("7 calls on each of 2 tasks", "before uid=0,0,0,0", "after uid=1000,1000,1000,1000");
    }

    @Test
    void whatHoldsOnEveryTaskIsLeftOut() {
        tasks(TARGET.nnp(0).capabilities(0, 0, 1));

        assertThat(DropTransaction.run(port, spec, FixUps.none()).changed()).isTrue();
        assertThat(port.calls()).containsExactly("prctl 47 4", "prctl 38 1");
    }

    @Test
    void oneTaskThatDiffersIsEnough() {
        tasks(TARGET);
        port.task(12, "late", TARGET.uid("1000\t1000\t0\t1000"));
        port.onBroadcast = () -> port.task(12, "late", TARGET);

        DropResult result = DropTransaction.run(port, spec, FixUps.none());
        assertThat(port.calls()).containsExactly("setresuid");
        assertThat(result.before()).hasSize(2);
        assertThat(result.after()).hasSize(1);
    }

    @Test
    void aStateThatHoldsNeedsNoPrivilege() {
        tasks(TARGET);

        DropResult result = DropTransaction.run(port, spec, FixUps.none());
        assertThat(result.changed()).isFalse();
        assertThat(result.toString()).startsWith("nothing to change: the state holds on all 2 tasks");
        assertThat(port.requests).containsExactly("lock-exclusive", "tasks", "unlock-exclusive");
    }

    @Test
    void attemptsThatWereNotAllMadeAreNamed() {
        port.asked = 1;
        assertThat(DropTransaction.run(port, spec, FixUps.none()).warnings())
                .anyMatch(warning -> warning.startsWith("whether privileges can be had back could not be tried"));
    }

    @Test
    void aLimitThatLeavesNoDescriptorFreeIsRefused() {
        DropSpec limit =
                new DropSpecBuilder().limit(Limit.resource("nofile"), 3, 1000).build(port);

        assertThatThrownBy(() -> DropTransaction.run(port, limit, FixUps.none()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("the limit nofile of 3 is too low", "nothing has changed");
        assertThat(port.requests).doesNotContain("broadcast");
    }

    /** Its files are gone with it: what they would say must not end the process. */
    @Test
    void aTaskThatEndsWhileItIsVerifiedIsNotWrong() {
        port.own.put("newfstatat", 0L);
        port.files = tid -> new long[] {0, 1}; // another directory
        port.onBroadcast = () -> port.files = tid -> tid == 11 && port.tasks.remove(11) != null ? null : new long[2];
        DropSpec directory = new DropSpecBuilder().directory("/tmp").build(port);

        assertThat(DropTransaction.run(port, directory, FixUps.none()).changed())
                .isTrue();
        assertThat(port.calls()).containsExactly("chdir");
    }

    @Test
    void aTaskThatLivesAndCannotBeVerifiedIsWrong() {
        port.own.put("newfstatat", 0L);
        port.files = tid -> new long[] {0, 1};
        port.onBroadcast = () -> port.files = tid -> tid == 11 ? null : new long[2];
        DropSpec directory = new DropSpecBuilder().directory("/tmp").build(port);

        assertThatThrownBy(() -> DropTransaction.run(port, directory, FixUps.none()))
                .isInstanceOf(DivergenceException.class)
                .hasMessageContaining("the cwd directory of task 11");
    }

    @Test
    void groupsAreComparedAsSets() {
        DropSpec groups = new DropSpecBuilder()
                .groups(java.util.Arrays.asList("a", "b", "a"))
                .noNewPrivileges(false)
                .build(withGroups());
        tasks(Status.ROOT.groups("5 4294967000"));

        assertThat(DropTransaction.run(port, groups, FixUps.none()).changed()).isFalse();
    }

    private FakePort withGroups() {
        port.groups.put("a", (int) 4294967000L);
        port.groups.put("b", 5);
        return port;
    }

    @Test
    void aCallThatFailsOnTrialChangesNothing() {
        port.trial = FakePort.header(BroadcastReport.CALL_FAILED, 2, -1);

        Throwable failure = catchThrowable(() -> DropTransaction.run(port, spec, FixUps.none()));
        assertThat(failure)
                .isInstanceOf(ErrnoException.class)
                .hasMessageContainingAll("prctl(PR_CAPBSET_DROP, 0)", "CAP_SETPCAP", "nothing has changed");
        assertThat(DropTransaction.exitCode(failure)).isEqualTo(77);
        assertThat(port.requests).doesNotContain("broadcast");
    }

    @Test
    void aTrialThatCannotBeHeldChangesNothing() {
        port.trial = FakePort.header(-11, 0, 0);

        Throwable failure = catchThrowable(() -> DropTransaction.run(port, spec, FixUps.none()));
        assertThat(failure).isInstanceOf(IllegalStateException.class).hasMessageContaining("RLIMIT_NPROC");
        assertThat(DropTransaction.exitCode(failure)).isEqualTo(77);
    }

    @Test
    void anUnreachableTaskChangesNothing() {
        port.broadcast = FakePort.answer(BroadcastReport.UNREACHABLE, 0, 0, new long[] {11, 4, 0, 1});

        Throwable failure = catchThrowable(() -> DropTransaction.run(port, spec, FixUps.none()));
        assertThat(failure).isInstanceOf(UnreachableException.class).hasMessageContaining("task 11 (worker)");
        assertThat(DropTransaction.exitCode(failure)).isEqualTo(77);
    }

    @Test
    void aLockThatIsNeverFreeChangesNothing() {
        port.lockFree = false;

        Throwable failure = catchThrowable(() -> DropTransaction.run(port, spec, FixUps.none()));
        assertThat(failure).isInstanceOf(UnreachableException.class).hasMessageContaining("exec lock");
        assertThat(port.requests).containsExactly("lock-exclusive");
    }

    @Test
    void theFirstCallMayFailWithoutHarmALaterOneNot() {
        port.broadcast = FakePort.answer(BroadcastReport.CALL_FAILED, 0, -1);
        assertThatThrownBy(() -> DropTransaction.run(port, spec, FixUps.none())).isInstanceOf(ErrnoException.class);

        port.broadcast = FakePort.answer(BroadcastReport.CALL_FAILED, 4, -11);
        tasks(Status.ROOT);
        Throwable failure = catchThrowable(() -> DropTransaction.run(port, spec, FixUps.none()));
        assertThat(failure)
                .isInstanceOf(DivergenceException.class)
                .hasMessageContainingAll("setresuid(1000", "-EAGAIN");
        assertThat(DropTransaction.exitCode(failure)).isEqualTo(70);
    }

    @Test
    void aTaskThatKeepsAnythingFailsTheDrop() {
        port.onBroadcast = () -> {
            tasks(TARGET);
            port.task(11, "worker", TARGET.uid("1000\t1000\t0\t1000").capabilities(0, 4, 0));
        };

        Throwable failure = catchThrowable(() -> DropTransaction.run(port, spec, FixUps.none()));
        assertThat(failure)
                .isInstanceOf(DivergenceException.class)
                .hasMessageContaining("task 11 (worker) has not the wanted bounding set, user ids");
        assertThat(DropTransaction.exitCode(failure)).isEqualTo(70);
    }

    @Test
    void tasksThatLackTheSameAreNamedTogether() {
        port.onBroadcast = () -> {};

        assertThatThrownBy(() -> DropTransaction.run(port, spec, FixUps.none()))
                .isInstanceOf(DivergenceException.class)
                .hasMessageContainingAll(
                        "did not verify; 2 tasks have not the wanted ", ": task 10 (main), task 11 (worker)")
                .hasMessageContaining("native code of the application has changed its credentials")
                .hasMessageEndingWith("; the process has been ended, it might still have been privileged");
    }

    @Test
    void aDropThatCannotBeReadAgainFails() {
        port.onBroadcast = port.tasks::clear;

        assertThatThrownBy(() -> DropTransaction.run(port, spec, FixUps.none()))
                .isInstanceOf(DivergenceException.class)
                .hasMessageContaining("could not be verified");
    }

    @Test
    void aTaskStillInsideTheKernelIsReported() {
        port.broadcast = FakePort.answer(BroadcastReport.DONE, 0, 0, new long[] {11, 2});
        port.onBroadcast = () -> port.task(10, "main", TARGET);

        DropResult result = DropTransaction.run(port, spec, FixUps.none());
        assertThat(result.pending()).extracting("tid").containsExactly(11);
        assertThat(result.toString()).contains("pending 11 (worker)");
    }

    @Test
    void deadTasksAndWorkersOfTheKernelAreNoObstacle() {
        port.task(20, "java", Status.ROOT.state('Z')).task(21, "iou-wrk-9", Status.ROOT, IO_WORKER, null);

        DropResult result = DropTransaction.run(port, spec, FixUps.none());
        assertThat(result.tasks()).isEqualTo(2);
    }

    @Test
    void aPollerThatWouldKeepPrivilegesIsRefused() {
        port.task(21, "iou-sqp-9", Status.ROOT, IO_WORKER, null);

        Throwable failure = catchThrowable(() -> DropTransaction.run(port, spec, FixUps.none()));
        assertThat(failure)
                .isInstanceOf(UnreachableException.class)
                .hasMessageContainingAll("task 21 (iou-sqp-9)", "SQPOLL");
        assertThat(((UnreachableException) failure).tasks()).extracting("tid").containsExactly(21);
        assertThat(port.requests).doesNotContain("probe", "broadcast");
    }

    /** Looking beforehand cannot see a ring that is made while tasks are being gathered. */
    @Test
    void aPollerThatComesDuringTheDropFailsIt() {
        port.onBroadcast = () -> {
            tasks(TARGET);
            port.task(21, "iou-sqp-9", Status.ROOT, IO_WORKER, null);
        };

        assertThatThrownBy(() -> DropTransaction.run(port, spec, FixUps.none()))
                .isInstanceOf(DivergenceException.class)
                .hasMessageContainingAll("did not verify", "task 21 (iou-sqp-9)");
    }

    @Test
    void aPollerWithoutPrivilegesAndATaskWithItsNameAreNot() {
        port.task(21, "iou-sqp-9", TARGET.nnp(0), IO_WORKER, null).task(22, "iou-sqp-8", Status.ROOT);
        port.onBroadcast = () -> {
            tasks(TARGET);
            port.task(22, "iou-sqp-8", TARGET);
        };

        assertThat(DropTransaction.run(port, spec, FixUps.none()).tasks()).isEqualTo(3);
    }

    @Test
    void aDropThatCouldBeUndoneIsNotBegun() {
        port.regained = 0;

        Throwable failure = catchThrowable(() -> DropTransaction.run(port, spec, FixUps.none()));
        assertThat(failure)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("setresuid(0, 0, 0)", "nothing has changed");
        assertThat(DropTransaction.exitCode(failure)).isEqualTo(77);
        assertThat(port.requests).doesNotContain("broadcast");
    }

    @Test
    void whatKeptCapabilitiesAllowIsNotTriedButNamed() {
        spec = new DropSpecBuilder().user("app").capabilities(1 << 7 | 1 << 6).build(port);
        tasks(Status.ROOT.capabilities(0xff, 0xc0, 0));
        port.onBroadcast = () -> tasks(TARGET.capabilities(0xc0, 0xc0, 0));
        port.regained = 2; // of what is tried: more capabilities, and no_new_privs

        DropResult result = DropTransaction.run(port, spec, FixUps.none());
        assertThat(result.warnings()).singleElement().asString().contains("cap_setgid, cap_setuid amount to root");
    }

    @Test
    void whatStatusFilesDoNotShowIsVerifiedToo() {
        spec = new DropSpecBuilder().dumpable(false).build(port);
        port.own.put("prctl", 1L);
        port.onBroadcast = () -> {}; // the flag stays

        Throwable failure = catchThrowable(() -> DropTransaction.run(port, spec, FixUps.none()));
        assertThat(failure).isInstanceOf(DivergenceException.class).hasMessageContaining("the dumpable flag is 1");
    }

    @Test
    void aCheckReportsWhatTheDropWouldThrow() {
        port.trial = FakePort.header(BroadcastReport.CALL_FAILED, 2, -1);

        CheckResult check = CheckResult.of(port, spec);
        assertThat(check.failure()).hasMessageContaining("prctl(PR_CAPBSET_DROP, 0) failed");
        assertThat(check.calls()).contains("setresuid(1000, 1000, 1000) on every task");
        assertThat(port.requests).containsExactly("lock-exclusive", "tasks", "probe", "unlock-exclusive");

        port.trial = FakePort.header(BroadcastReport.DONE, 0, 0);
        assertThat(CheckResult.of(port, spec).failure()).isNull();
    }

    @Test
    void aTaskThatIsAllowedLessThanAnotherIsNamedBefore() {
        tasks(Status.ROOT.capabilities(0x1c0, 5, 0));
        port.task(11, "worker", Status.ROOT.capabilities(0x140, 5, 0));

        assertThatThrownBy(() -> DropTransaction.run(port, spec, FixUps.none()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("task 11 (worker)", "user ids", "nothing has changed");
        assertThat(port.requests).doesNotContain("broadcast");
    }
}

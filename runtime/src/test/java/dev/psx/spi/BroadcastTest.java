package dev.psx.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.psx.Divergence;
import dev.psx.DivergenceException;
import dev.psx.ErrnoException;
import dev.psx.UnreachableException;
import dev.psx.spi.FakePort.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BroadcastTest {

    private static final int RAN = 0;
    private static final int DIFFERED = 1;
    private static final int PENDING = 2;
    private static final int DIED = 3;
    private static final int MISSING = 4;

    private final Program program = new Program().add("setuid", 1);
    private final FakePort port = new FakePort()
            .task(10, "main", Status.ROOT, 0, Thread.currentThread().getId())
            .task(11, "worker", Status.ROOT);

    @ParameterizedTest
    @EnumSource(Divergence.class)
    void onlyHaltIsLeftToTheEngine(Divergence policy) {
        port.broadcast = FakePort.answer(BroadcastReport.DONE, 0, 5, new long[] {11, PENDING});

        assertThat(Broadcast.run(port, program, policy)).isEqualTo(5);
        assertThat(port.haltCode).isEqualTo(policy == Divergence.HALT ? 70 : 0);
        assertThat(port.calls()).containsExactly("setuid");
    }

    /** All other tasks are as before and the calling one is not, whatever the policy makes of that. */
    @ParameterizedTest
    @EnumSource(value = Divergence.class, mode = EnumSource.Mode.EXCLUDE, names = "HALT")
    void aProgramThatFailsHalfWayIsADivergence(Divergence policy) {
        program.add("setgid", 2);
        port.broadcast = FakePort.answer(BroadcastReport.CALL_FAILED, 1, -1);

        assertThatThrownBy(() -> Broadcast.run(port, program, policy))
                .isInstanceOf(DivergenceException.class)
                .hasMessage("the calling task changed, then setgid(2) gave -EPERM although it had worked on trial;"
                        + " end this process, it may still be privileged");
    }

    @Test
    void aFailedCallSaysWhatFailedAndWhy() {
        port.broadcast = FakePort.answer(BroadcastReport.CALL_FAILED, 0, -1);

        ErrnoException e =
                catchThrowableOfType(ErrnoException.class, () -> Broadcast.run(port, program, Divergence.THROW));
        assertThat(e.errno()).isEqualTo(1);
        assertThat(e.errnoName()).isEqualTo("EPERM");
        assertThat(e.call()).isEqualTo("setuid");
        // it has the capability, unless it is not root
        assertThat(e)
                .message()
                .startsWith("setuid(1) failed: EPERM (Operation not permitted); ")
                .containsAnyOf(
                        "the process lacks CAP_SETUID: start the JVM as root, or in a container with that capability",
                        "CAP_SETUID is there, so a seccomp filter (a container's profile)")
                .endsWith("; nothing has changed");
    }

    @ParameterizedTest
    @CsvSource({
        "setresuid,11,RLIMIT_NPROC",
        "setreuid,22,uid_map",
        "setgid,1,CAP_SETGID",
        "setgroups,1,CAP_SETGID",
        "setregid,22,gid_map",
        "prctl,22,does not know the option",
        "capset,1,lacks a capability",
        "mseal,38,seccomp filter"
    })
    void failuresNameTheLikelyCause(String call, int errno, String cause) {
        assertThat(Failures.callFailed(new Program().add(call), 0, -errno)).hasMessageContaining(cause);
    }

    @Test
    void aFailingEngineIsNoFailedCall() {
        port.broadcast = FakePort.answer(-10, 0, 0);

        assertThatThrownBy(() -> Broadcast.run(port, program, Divergence.THROW))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ECHILD")
                .hasMessageContaining("forked");
    }

    @ParameterizedTest
    @CsvSource({
        "0,0,did not come",
        "1,0,blocks the engine's signal",
        "2,0,kill -CONT",
        "3,4242,tracer with pid 4242",
        "5,0,no processor",
        "6,11,EAGAIN (Resource temporarily unavailable): its RLIMIT_SIGPENDING is reached",
        "6,1,EPERM (Operation not permitted): a security module forbids signals",
        "7,0,inside the kernel",
        "8,0,handler",
        "9,0,faster than they can be gathered",
        "10,0,SIGEV_THREAD"
    })
    void missingTasksAreNamedWithTheReason(int reason, long detail, String words) {
        port.broadcast = FakePort.answer(
                BroadcastReport.UNREACHABLE, 0, 0, new long[] {11, MISSING, 0, reason, 0, detail}, new long[] {10, 5});

        UnreachableException e =
                catchThrowableOfType(UnreachableException.class, () -> Broadcast.run(port, program, Divergence.THROW));
        assertThat(e.tasks()).extracting("tid").containsExactly(11);
        assertThat(e).hasMessageContainingAll("setuid(1)", "task 11 (worker)", words, "nothing has changed");
    }

    @Test
    void aCallThatTheEngineNeedsAndMayNotMakeIsNamed() {
        port.broadcast = FakePort.answer(-Errno.EPERM, 0, 0);

        assertThatThrownBy(() -> Broadcast.run(port, program, Divergence.THROW))
                .hasMessageContainingAll("EPERM", "seccomp", "clock_gettime", "nothing has changed");
    }

    @Test
    void aTaskInsideCloneIsSaidToBe() {
        long clone = Syscalls.number("clone3");
        port.broadcast = FakePort.answer(BroadcastReport.UNREACHABLE, 0, 0, new long[] {11, MISSING, 0, 4, 0, clone});

        assertThatThrownBy(() -> Broadcast.run(port, program, Divergence.THROW)).hasMessageContaining("inside clone3");
    }

    @Test
    void whoHoldsTheExecLockIsNamed() {
        port.broadcast =
                new Object[] {FakePort.header(BroadcastReport.UNREACHABLE, 0, 0)[0], new long[0], "held by [spawner]"};

        assertThatThrownBy(() -> Broadcast.run(port, program, Divergence.THROW))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("held by [spawner]");
    }

    @Test
    void divergenceIsReportedPerTask() {
        port.broadcast = diverged();

        DivergenceException e =
                catchThrowableOfType(DivergenceException.class, () -> Broadcast.run(port, program, Divergence.THROW));
        assertThat(e.results().values()).containsExactlyInAnyOrder(0L, -1L);
        e.results().forEach((task, result) -> assertThat(result).isEqualTo(task.tid() == 10 ? 0L : -1L));
        assertThat(e)
                .hasMessageContainingAll("task 11 (worker) got -EPERM from setuid(1)", "task 12 ended in setuid(1)");
    }

    @ParameterizedTest
    @EnumSource(names = {"IGNORE", "WARN"})
    void divergenceMayBeTolerated(Divergence policy) {
        port.broadcast = diverged();

        assertThat(Broadcast.run(port, program, policy)).isZero();
    }

    private static Object[] diverged() {
        return FakePort.answer(
                BroadcastReport.DIVERGED, 0, 0, new long[] {11, DIFFERED, 0, 0, -1}, new long[] {12, DIED}, new long[] {
                    13, RAN
                });
    }
}

package dev.psx.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the engine says about a start that failed, in words. */
class LaunchFailuresTest {

    private static final ChildProgram PROGRAM = new ChildProgram();

    static {
        PROGRAM.add(LaunchStep.USER, "setresuid", 5, 5, 5);
        PROGRAM.add(LaunchStep.PROGRAM, "execve(/bin/x)", "execve");
    }

    private static LaunchSpec spec() {
        LaunchSpec spec = new LaunchSpec();
        spec.cloned = Namespace.NETWORK.mask();
        return spec;
    }

    /** Failed call, phase, error; the sentence behind "launching /bin/x failed". */
    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        0,
                        1,
                        -1,
                        LaunchStep.CLONE,
                        "EPERM",
                        " at clone(CLONE_NEWNET): EPERM (Operation not permitted);"
                                + " new namespaces need CAP_SYS_ADMIN, or a new user namespace beside them, or a seccomp"
                                + " filter (a container's profile) refuses it; nothing was started"),
                Arguments.of(
                        0,
                        2,
                        -13,
                        LaunchStep.ID_MAPS,
                        "EACCES",
                        " at write(/proc/PID/setgroups): EACCES (Permission denied); this process is not dumpable (see"
                                + " PR_SET_DUMPABLE in prctl(2)), so that its files in /proc are root's; nothing was started"),
                Arguments.of(
                        0,
                        3,
                        -22,
                        LaunchStep.ID_MAPS,
                        "EINVAL",
                        " at write(/proc/PID/uid_map): EINVAL (Invalid"
                                + " argument); the kernel takes no such map: at most 340 ranges in less than 4096"
                                + " bytes, which do not overlap; nothing was started"),
                Arguments.of(
                        0,
                        5,
                        -1,
                        LaunchStep.USER,
                        "EPERM",
                        " at setresuid(5, 5, 5): EPERM (Operation not permitted);"
                                + " the child lacks CAP_SETUID; nothing was started"),
                Arguments.of(
                        0,
                        5,
                        -38,
                        LaunchStep.USER,
                        "ENOSYS",
                        " at setresuid(5, 5, 5): ENOSYS (Function not"
                                + " implemented); this kernel lacks the call, or a seccomp filter (a container's profile) refuses"
                                + " it; nothing was started"),
                Arguments.of(
                        1,
                        5,
                        -2,
                        LaunchStep.PROGRAM,
                        "ENOENT",
                        " at execve(/bin/x): ENOENT (No such file or"
                                + " directory); there is no such file below the root directory that is in force, or the interpreter that it names"
                                + " is missing; nothing was started"),
                Arguments.of(
                        0,
                        6,
                        9,
                        LaunchStep.USER,
                        "ESRCH",
                        ": before or in setresuid(5, 5, 5) the child was killed by" + " SIGKILL"),
                Arguments.of(
                        1,
                        6,
                        31,
                        LaunchStep.PROGRAM,
                        "ESRCH",
                        ": before or in execve(/bin/x) the child was killed by SIGSYS; a seccomp filter does not allow the call:"
                                + " the child's own, or this process's"),
                Arguments.of(
                        1,
                        7,
                        -110,
                        LaunchStep.PROGRAM,
                        "ETIMEDOUT",
                        ": before or in execve(/bin/x) the child did not"
                                + " get on in time and was killed: another process or a frozen cgroup stops it, or a file system does not answer"),
                Arguments.of(
                        1,
                        8,
                        -110,
                        LaunchStep.PROGRAM,
                        "ETIMEDOUT",
                        ": before or in execve(/bin/x) the child did not"
                                + " get on in time and cannot be killed: process 77 is still there"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void namesStepErrorAndCause(long call, long phase, long error, LaunchStep step, String name, String sentence) {
        long[] result = {-1, 77, -1, call, phase, error};
        LaunchException exception = (LaunchException) LaunchFailures.of("/bin/x", PROGRAM, spec(), result);
        assertThat(exception.step()).isEqualTo(step);
        assertThat(exception.errnoName()).isEqualTo(name);
        assertThat(exception.program()).isEqualTo("/bin/x");
        assertThat(exception).hasMessage("launching /bin/x failed" + sentence);
    }

    @Test
    void aWrongRequestIsOurOwnMistake() {
        assertThat(LaunchFailures.of("/bin/x", PROGRAM, spec(), new long[] {-22, 0, -1, 0, 0, -22}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("launching /bin/x failed: the engine refused the request with EINVAL");
    }

    /** Who named no user shall learn who did. */
    @Test
    void aUserOfTheAgentsOptionsIsNamed() {
        LaunchSpec spec = spec();
        spec.ids.ofProfile = "nobody";
        assertThat(LaunchFailures.of("/bin/x", PROGRAM, spec, new long[] {-1, 0, -1, 0, 5, -1}))
                .hasMessageEndingWith(
                        "EPERM (Operation not permitted); child-user=nobody takes cap_setuid and cap_setgid,"
                                + " which this process does not have: keep them with caps, or let the drop's own user be child-user;"
                                + " nothing was started");
        assertThat(LaunchFailures.of("/bin/x", PROGRAM, spec, new long[] {-11, 0, -1, 0, 5, -11}))
                .hasMessageNotContaining("child-user");
    }
}

package dev.psx.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.cap.Capability;
import dev.psx.cap.SecureBits;
import dev.psx.plan.Resource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each attribute makes the child do, and in which order. */
class ChildStepsTest {

    private static final String MASK = "rt_sigprocmask(SIG_SETMASK, [])";
    private static final List<String> DESCRIPTORS = List.of(
            "fcntl(0, F_SETFD, 0)",
            "fcntl(1, F_SETFD, 0)",
            "fcntl(2, F_SETFD, 0)",
            "close_range(3, ~0, CLOSE_RANGE_CLOEXEC)");

    /** A process of root with three capabilities. */
    private static class Root extends Surroundings {

        Root() {
            super(null);
        }

        @Override
        int pid() {
            return 4242;
        }

        @Override
        long[] capabilities() {
            return new long[] {0x107, 0x107, 0};
        }

        @Override
        boolean losesCapabilitiesWithRoot() {
            return true;
        }

        @Override
        long allCapabilities() {
            return 0x107;
        }

        @Override
        long[] openFiles() {
            return new long[] {1024, 4096};
        }

        @Override
        boolean closesRanges() {
            return true;
        }

        @Override
        boolean hasKeyrings() {
            return false;
        }
    }

    private static List<String> steps(LauncherBuilder builder) {
        return steps(builder, new Root(), 0, 1, 2);
    }

    private static List<String> steps(LauncherBuilder builder, Surroundings surroundings, int... standard) {
        LaunchSpec spec = builder.build().spec;
        Map<Integer, Integer> descriptors = new TreeMap<>(spec.descriptors);
        for (int i = 0; i < standard.length; i++) {
            descriptors.put(i, standard[i]);
        }
        ChildProgram program = new ChildSteps(spec, surroundings).compose("/bin/x", descriptors, Map.of());
        assertThat(program.encoded()).hasSize(program.size() * ChildProgram.WORDS);
        return program.describe();
    }

    private static LauncherBuilder x() {
        return Launcher.builder("/bin/x");
    }

    @Test
    void withoutAttributesThereIsLittleToDo() {
        List<String> expected = new ArrayList<>(DESCRIPTORS);
        expected.add(MASK);
        expected.add("execve(/bin/x)");
        assertThat(steps(x())).isEqualTo(expected);
    }

    static Stream<Arguments> attributes() {
        return Stream.of(
                row("setsid", x -> x.setsid(), "setsid()"),
                row("setpgid", x -> x.setpgid(), "setpgid(0, 0)"),
                row("pgid", x -> x.setpgid(77), "setpgid(0, 77)"),
                row("foreground", x -> x.foreground(9), "setpgid(0, 0)", "getpgid(0)", "ioctl(9, TIOCSPGRP)"),
                row("foreground of a group", x -> x.foreground(9).setpgid(77), "setpgid(0, 77)", "ioctl(9, TIOCSPGRP)"),
                row("setctty", x -> x.setsid().setctty(0), "setsid()", "ioctl(0, TIOCSCTTY, 1)"),
                row("noctty", x -> x.noctty(), "ioctl(0, TIOCNOTTY)"),
                row(
                        "credential",
                        x -> x.credential(1000, 1001, 4, 24),
                        "setgroups(4, 24)",
                        "setresgid(1001, 1001, 1001)",
                        "setresuid(1000, 1000, 1000)"),
                row("no groups", x -> x.credential(1, 2), "setgroups()", "setresgid(2, 2, 2)", "setresuid(1, 1, 1)"),
                row("keep groups", x -> x.user(1).group(2).keepGroups(), "setresgid(2, 2, 2)", "setresuid(1, 1, 1)"),
                row("chroot", x -> x.chroot(Path.of("/jail")), "chroot(/jail)", "chdir(/)"),
                row(
                        "chroot and directory",
                        x -> x.chroot(Path.of("/jail")).directory(Path.of("/in")),
                        "chroot(/jail)",
                        "chdir(/)",
                        "chdir(/in)"),
                row("directory", x -> x.directory(Path.of("rel")), "chdir(rel)"),
                row("pdeathsig", x -> x.pdeathsig(Signal.KILL), "prctl(PR_SET_PDEATHSIG, SIGKILL)", "getppid()"),
                row(
                        "pdeathsig in a pid namespace",
                        x -> x.pdeathsig(40).namespaces(Namespace.PID),
                        "prctl(PR_SET_PDEATHSIG, signal 40)"),
                row(
                        "unshare",
                        x -> x.unshare(Namespace.NETWORK, Namespace.UTS),
                        "unshare(CLONE_NEWUTS | CLONE_NEWNET)"),
                row(
                        "unshared mounts",
                        x -> x.unshare(Namespace.MOUNT),
                        "unshare(CLONE_NEWNS)",
                        "mount(/, MS_REC | MS_PRIVATE)"),
                row("cloned mounts", x -> x.namespaces(Namespace.MOUNT), "mount(/, MS_REC | MS_PRIVATE)"),
                row("cloned network", x -> x.namespaces(Namespace.NETWORK)),
                row(
                        "maps",
                        x -> x.namespaces(Namespace.USER).uidMap(IdMap.of(0, 1000, 1)),
                        "/proc/PID/uid_map, gid_map"),
                row(
                        "unshared maps",
                        x -> x.unshare(Namespace.USER)
                                .gidMap(IdMap.of(0, 1000, 1))
                                .credential(0, 0),
                        "unshare(CLONE_NEWUSER)",
                        "/proc/PID/uid_map, gid_map",
                        "setresgid(0, 0, 0)",
                        "setresuid(0, 0, 0)"),
                row(
                        "maps with setgroups",
                        x -> x.namespaces(Namespace.USER)
                                .gidMap(IdMap.of(0, 0, 9))
                                .allowSetgroups(true)
                                .credential(0, 0, 5),
                        "/proc/PID/uid_map, gid_map",
                        "setgroups(5)",
                        "setresgid(0, 0, 0)",
                        "setresuid(0, 0, 0)"),
                row(
                        "ambient",
                        x -> x.ambient(Capability.CHOWN).credential(9, 9),
                        "prctl(PR_SET_KEEPCAPS, 1)",
                        "setgroups()",
                        "setresgid(9, 9, 9)",
                        "setresuid(9, 9, 9)",
                        "capset(permitted 0x107, effective 0x1, inheritable 0x1)",
                        "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)",
                        "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 0)",
                        "capset(permitted 0x1, effective 0x1, inheritable 0x1)"),
                row(
                        "nothing ambient",
                        x -> x.ambient(),
                        "capset(permitted 0x107, effective 0x107, inheritable 0x0)",
                        "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)"),
                row(
                        "bounding",
                        x -> x.bounding(Capability.CHOWN, Capability.SETPCAP),
                        "prctl(PR_CAPBSET_DROP, 1)",
                        "prctl(PR_CAPBSET_DROP, 2)"),
                row(
                        "secure bits",
                        x -> x.secureBits(SecureBits.of(SecureBits.Bit.NOROOT)).credential(9, 9),
                        "prctl(PR_SET_KEEPCAPS, 1)",
                        "setgroups()",
                        "setresgid(9, 9, 9)",
                        "setresuid(9, 9, 9)",
                        "capset(permitted 0x107, effective 0x100, inheritable 0x0)",
                        "prctl(PR_SET_SECUREBITS, 0x1)",
                        "capset(permitted 0x0, effective 0x0, inheritable 0x0)"),
                row("no_new_privs", x -> x.noNewPrivileges(true), "prctl(PR_SET_NO_NEW_PRIVS, 1)"),
                row("ptrace", x -> x.ptrace(), "ptrace(PTRACE_TRACEME)"),
                row("landlock", x -> x.landlock(9, 2), "landlock_restrict_self(9, 2)"),
                row("seccomp", x -> x.seccomp(new byte[16]), "seccomp(SECCOMP_SET_MODE_FILTER, 0, 2 instructions)"),
                row("umask", x -> x.umask(027), "umask(027)"),
                row("nice", x -> x.nice(-5), "setpriority(PRIO_PROCESS, 0, -5)"),
                row("policy", x -> x.scheduling(SchedulingPolicy.RR, 3), "sched_setscheduler(0, SCHED_RR, 3)"),
                row(
                        "oom score",
                        x -> x.oomScoreAdjustment(-17),
                        "openat(/proc/self/oom_score_adj)",
                        "write(/proc/self/oom_score_adj, -17)",
                        "close(/proc/self/oom_score_adj)"),
                row(
                        "limit",
                        x -> x.limit(Resource.CORE, 0, Resource.INFINITY),
                        "prlimit64(0, RLIMIT_CORE, 0:infinity)"),
                row("fewer files", x -> x.limit(Resource.NOFILE, 3, 3), "prlimit64(0, RLIMIT_NOFILE, 3:3)"),
                row(
                        "more files",
                        x -> x.limit(Resource.NOFILE, 5000, 5000),
                        "prlimit64(0, RLIMIT_NOFILE, 5000:5000)",
                        "prlimit64(0, RLIMIT_NOFILE, 5000:5000)"),
                row(
                        "more files, but not yet",
                        x -> x.limit(Resource.NOFILE, 100, 5000),
                        "prlimit64(0, RLIMIT_NOFILE, 1024:5000)",
                        "prlimit64(0, RLIMIT_NOFILE, 100:5000)"),
                row(
                        "more files than before",
                        x -> x.limit(Resource.NOFILE, 2000, 4096),
                        "prlimit64(0, RLIMIT_NOFILE, 2000:4096)",
                        "prlimit64(0, RLIMIT_NOFILE, 2000:4096)"));
    }

    private static Arguments row(String name, Consumer<LauncherBuilder> attribute, String... steps) {
        return Arguments.of(name, attribute, List.of(steps));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attributes")
    void makesTheseCalls(String name, Consumer<LauncherBuilder> attribute, List<String> expected) {
        LauncherBuilder builder = x();
        attribute.accept(builder);
        List<String> own = new ArrayList<>(steps(builder));
        assertThat(own).containsSubsequence(DESCRIPTORS).contains(MASK).last().isEqualTo("execve(/bin/x)");
        own.removeAll(DESCRIPTORS);
        own.removeAll(List.of(MASK, "execve(/bin/x)"));
        assertThat(own).isEqualTo(expected);
    }

    @Test
    void hasTheOrderThatOthersDependOn() {
        List<String> all = steps(x().ambient(Capability.CHOWN)
                .credential(9, 9)
                .bounding(Capability.CHOWN)
                .setsid()
                .setctty(0)
                .noctty()
                .unshare(Namespace.MOUNT)
                .namespaces(Namespace.USER)
                .uidMap(IdMap.of(0, 0, 10))
                .chroot(Path.of("/jail"))
                .directory(Path.of("/in"))
                .pdeathsig(Signal.TERM)
                .limit(Resource.NOFILE, 3, 3)
                .limit(Resource.CORE, 0, 0)
                .noNewPrivileges(true)
                .ptrace()
                .landlock(9, 0)
                .seccomp(new byte[8]));
        assertThat(all)
                .containsSubsequence(
                        "prctl(PR_SET_KEEPCAPS, 1)",
                        "/proc/PID/uid_map, gid_map",
                        "setsid()",
                        "prlimit64(0, RLIMIT_CORE, 0:0)",
                        "unshare(CLONE_NEWNS)",
                        "mount(/, MS_REC | MS_PRIVATE)",
                        "chroot(/jail)",
                        "prctl(PR_CAPBSET_DROP, 1)",
                        "setgroups()",
                        "setresgid(9, 9, 9)",
                        "setresuid(9, 9, 9)",
                        "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 0)",
                        "chdir(/in)",
                        "prctl(PR_SET_PDEATHSIG, SIGTERM)",
                        "getppid()",
                        "fcntl(0, F_SETFD, 0)",
                        "close_range(3, ~0, CLOSE_RANGE_CLOEXEC)",
                        "ioctl(0, TIOCNOTTY)",
                        "ioctl(0, TIOCSCTTY, 1)",
                        "prlimit64(0, RLIMIT_NOFILE, 3:3)",
                        MASK,
                        "prctl(PR_SET_NO_NEW_PRIVS, 1)",
                        "ptrace(PTRACE_TRACEME)",
                        "landlock_restrict_self(9, 0)",
                        "seccomp(SECCOMP_SET_MODE_FILTER, 0, 1 instructions)",
                        "execve(/bin/x)");
    }

    @Test
    void becomesTheForegroundBeforeSignalsCanStopIt() {
        assertThat(steps(x().foreground(9))).containsSubsequence("ioctl(9, TIOCSPGRP)", MASK);
    }

    @Test
    void movesDescriptorsOutOfEachOthersWay() {
        List<String> steps = steps(x().descriptor(5, 6).descriptor(6, 5).descriptor(9, 20), new Root(), 2, 1, 0);
        assertThat(steps.subList(0, steps.size() - 2))
                .containsExactly(
                        "fcntl(2, F_DUPFD_CLOEXEC, 10)",
                        "fcntl(0, F_DUPFD_CLOEXEC, 10)",
                        "fcntl(6, F_DUPFD_CLOEXEC, 10)",
                        "fcntl(5, F_DUPFD_CLOEXEC, 10)",
                        "dup3(2, 0, 0)",
                        "fcntl(1, F_SETFD, 0)",
                        "dup3(0, 2, 0)",
                        "dup3(6, 5, 0)",
                        "dup3(5, 6, 0)",
                        "dup3(20, 9, 0)",
                        "close_range(3, 4, CLOSE_RANGE_CLOEXEC)",
                        "close_range(7, 8, CLOSE_RANGE_CLOEXEC)",
                        "close_range(10, ~0, CLOSE_RANGE_CLOEXEC)");
    }

    @Test
    void leavesAnotherUserNothingOfWhatIsInheritable() {
        Surroundings service = new Root() {
            @Override
            long[] capabilities() {
                return new long[] {0x6, 0x6, 0x6};
            }
        };
        assertThat(steps(x().credential(9, 9), service))
                .containsSubsequence("setresuid(9, 9, 9)", "capset(permitted 0x0, effective 0x0, inheritable 0x0)");
        assertThat(steps(x().credential(9, 9).ambient(), service))
                .contains("capset(permitted 0x6, effective 0x0, inheritable 0x0)");
        assertThat(steps(x().credential(0, 0), service)).noneMatch(call -> call.startsWith("capset"));
    }

    /** He shall reach directory and program with his own rights, not with those that the kernel leaves to whoever was not root before. */
    @Test
    void leavesAnotherUserNothingOfWhatIsPermitted() {
        Surroundings service = new Root() {
            @Override
            boolean losesCapabilitiesWithRoot() {
                return false;
            }
        };
        assertThat(steps(x().credential(9, 9).directory(Path.of("/d")), service))
                .containsSubsequence(
                        "setresuid(9, 9, 9)", "capset(permitted 0x0, effective 0x0, inheritable 0x0)", "chdir(/d)");
        assertThat(steps(x().credential(9, 9), new Root())).noneMatch(call -> call.startsWith("capset"));
    }

    @Test
    void leavesAnotherUserNoKeys() {
        Surroundings keeper = new Root() {
            @Override
            boolean hasKeyrings() {
                return true;
            }
        };
        assertThat(steps(x().credential(9, 9), keeper))
                .containsSubsequence("keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL)", "setresuid(9, 9, 9)");
        assertThat(steps(x(), keeper)).noneMatch(call -> call.startsWith("keyctl"));
        assertThat(steps(x().credential(0, 0), keeper)).noneMatch(call -> call.startsWith("keyctl"));
    }

    /** The child's descriptor 7 takes the number that the ruleset has here. */
    @Test
    void keepsTheRulesetUntilItIsUsed() {
        assertThat(steps(x().descriptor(7, 8).landlock(7, 0)))
                .containsSubsequence("fcntl(7, F_DUPFD_CLOEXEC, 8)", "dup3(8, 7, 0)", "landlock_restrict_self(7, 0)");
    }

    @Test
    void closesWhatIsOpenWhereTheKernelHasNoRanges() {
        Surroundings old = new Root() {
            @Override
            boolean closesRanges() {
                return false;
            }

            @Override
            List<Integer> inheritableDescriptors() {
                return List.of(0, 1, 2, 5, 44);
            }
        };
        assertThat(steps(x().descriptor(5, 5), old, 0, 1, 2))
                .contains("fcntl(44, F_SETFD, FD_CLOEXEC)", "fcntl(5, F_SETFD, 0)")
                .doesNotContain("fcntl(5, F_SETFD, FD_CLOEXEC)")
                .noneMatch(call -> call.startsWith("close_range"));
    }

    @Test
    void leavesOthersOpenIfAsked() {
        assertThat(steps(x().closeOtherDescriptors(false))).noneMatch(call -> call.startsWith("close_range"));
    }
}

package dev.psx.process;

import dev.psx.spi.Errno;

/** Turns what the engine says about a start into a sentence: program, call, error, likely cause and next step. */
final class LaunchFailures {

    /** enum psx_phase. */
    private static final int CLONE = 1;

    private static final int SETGROUPS = 2;
    private static final int UID_MAP = 3;
    private static final int GID_MAP = 4;
    private static final int CALL = 5;
    private static final int KILLED = 6;
    private static final int TIMED_OUT = 7;
    private static final int LOST = 8;

    private LaunchFailures() {}

    /** @param result what the request "spawn" gave */
    static RuntimeException of(String path, ChildProgram program, LaunchSpec spec, long[] result) {
        int phase = (int) result[4];
        int errno = (int) -result[5];
        ChildCall call = program.call((int) Math.min(result[3], program.size() - 1));
        switch (phase) {
            case CLONE:
                return failed(path, LaunchStep.CLONE, "clone", clone(spec), errno);
            case SETGROUPS:
                return failed(path, LaunchStep.ID_MAPS, "write", "write(/proc/PID/setgroups)", errno);
            case UID_MAP:
                return failed(path, LaunchStep.ID_MAPS, "write", "write(/proc/PID/uid_map)", errno);
            case GID_MAP:
                return failed(path, LaunchStep.ID_MAPS, "write", "write(/proc/PID/gid_map)", errno);
            case CALL:
                return failed(path, call.step, call.name, call.shown, errno, cause(call, spec, errno));
            case KILLED:
                return ended(
                        path,
                        call,
                        "was killed by " + Signal.name((int) result[5]) + killer((int) result[5]),
                        Errno.ESRCH);
            case TIMED_OUT:
                return ended(
                        path,
                        call,
                        "did not get on in time and was killed: another process or a frozen cgroup stops it, or a file system does"
                                + " not answer",
                        Errno.ETIMEDOUT);
            case LOST:
                return ended(
                        path,
                        call,
                        "did not get on in time and cannot be killed: process " + result[1] + " is still there",
                        Errno.ETIMEDOUT);
            default:
                return new IllegalStateException("launching " + path + " failed: the engine refused the request with "
                        + Errno.name((int) -result[0]));
        }
    }

    private static String killer(int signal) {
        return signal == Signal.SYS.number()
                ? "; a seccomp filter does not allow the call: the child's own, or this process's"
                : "";
    }

    private static String clone(LaunchSpec spec) {
        String flags = spec.cloned == 0 ? "" : Namespace.shown(spec.cloned);
        boolean cgroup = spec.cgroup != null || spec.cgroupPath != null;
        return "clone(" + flags + (cgroup ? (flags.isEmpty() ? "" : " | ") + "CLONE_INTO_CGROUP" : "") + ")";
    }

    private static LaunchException ended(String path, ChildCall call, String how, int errno) {
        return new LaunchException(
                path,
                call.step,
                call.name,
                errno,
                "launching " + path + " failed: before or in " + call.shown + " the child " + how);
    }

    private static String cause(ChildCall call, LaunchSpec spec, int errno) {
        boolean ids = call.step == LaunchStep.USER || call.step == LaunchStep.GROUP || call.step == LaunchStep.GROUPS;
        return ids && errno == Errno.EPERM && spec.ids.ofProfile != null
                ? "; " + DefaultProfile.lacks(spec.ids.ofProfile)
                : LaunchCauses.of(call.step, call.shown, errno);
    }

    static LaunchException failed(String path, LaunchStep step, String call, String shown, int errno) {
        return failed(path, step, call, shown, errno, LaunchCauses.of(step, shown, errno));
    }

    private static LaunchException failed(
            String path, LaunchStep step, String call, String shown, int errno, String cause) {
        String message = "launching " + path + " failed at " + shown + ": " + Errno.name(errno) + " ("
                + Errno.describe(errno) + ")" + cause + "; nothing was started";
        return new LaunchException(path, step, call == null ? "write" : call, errno, message);
    }
}

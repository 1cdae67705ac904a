package dev.psx.spi;

import dev.psx.ErrnoException;

/** Internal: turns a failed call into a sentence with the call, the error, its likely cause and the next step. */
public final class Failures {

    private static final String NOTHING = "; nothing has changed";
    private static final String AS_ROOT = ": start the JVM as root, or in a container with that capability";
    private static final String SETGROUPS_DENIED = "; this user namespace forbids setgroups to everybody"
            + " (/proc/self/setgroups): leave the groups as they are (groups=keep), or have the namespace mapped with"
            + " privilege (newgidmap)";
    private static final String INSIDE =
            "; the process lacks CAP_SYS_CHROOT, so it has probably been started inside a new root"
                    + " directory, where the path leads elsewhere: such a process must not be given chroot; have its parent take"
                    + " the option out of the JAVA_TOOL_OPTIONS that children inherit (ProcessBuilder.environment())";
    private static final int CAP_SETGID = 6;
    private static final int CAP_SETUID = 7;
    private static final int CAP_SETPCAP = 8;
    private static final int CAP_SYS_CHROOT = 18;

    private Failures() {}

    public static ErrnoException callFailed(Program program, int index, long result) {
        int errno = (int) -result;
        String call = program.describe(index);
        String message = call + " failed: " + error(errno) + cause(program, index, errno) + NOTHING;
        return new ErrnoException(program.name(index), errno, message);
    }

    /** The engine could not even start: the program has not been tried anywhere. */
    public static IllegalStateException engineFailed(Program program, int status) {
        return new IllegalStateException(program.describe(0) + " was not tried: the engine failed with "
                + error(-status) + engineCause(-status) + NOTHING);
    }

    /** Shows a raw result as {@code 0} or {@code -EPERM}. */
    public static String result(long raw) {
        return Errno.isError(raw) ? "-" + Errno.name((int) -raw) : Long.toString(raw);
    }

    static String error(int errno) {
        return Errno.name(errno) + " (" + Errno.describe(errno) + ")";
    }

    private static String cause(Program program, int index, int errno) {
        String name = program.name(index);
        if (errno == Errno.ENOSYS) {
            return "; this kernel lacks the call, or a seccomp filter (a container's profile) refuses it";
        }
        if (name.startsWith("set") && name.endsWith("uid")) {
            return ids(errno, CAP_SETUID, "user");
        }
        if (name.startsWith("set") && (name.endsWith("gid") || name.equals("setgroups"))) {
            boolean denied = name.equals("setgroups") && errno == Errno.EPERM && Lack.deniesGroups();
            return denied ? SETGROUPS_DENIED : ids(errno, CAP_SETGID, "group");
        }
        if (name.equals("prctl")) {
            return prctl(program.describe(index), errno);
        }
        if (name.equals("chroot") || name.equals("chdir")) {
            return directory(program, index, errno);
        }
        if (name.equals("prlimit64") && errno == Errno.EPERM) {
            return HardLimit.cause(program, index);
        }
        if (name.endsWith("xattr")) {
            return fileAttribute(errno);
        }
        if (name.equals("capset") && errno == Errno.EPERM) {
            String missing = NotPermitted.cause(program, index);
            return missing != null
                    ? missing
                    : "; the process lacks a capability: only permitted ones can be effective, none becomes permitted again, and what"
                            + " becomes inheritable must be permitted, or in the bounding set with CAP_SETPCAP effective";
        }
        return errno == Errno.EPERM ? "; the process lacks a capability, or a seccomp filter refuses the call" : "";
    }

    private static String ids(int errno, int capability, String whose) {
        switch (errno) {
            case Errno.EPERM:
                return Lack.of(capability, capability == CAP_SETUID ? "CAP_SETUID" : "CAP_SETGID", AS_ROOT);
            case Errno.EAGAIN:
                return "; the new user has too many processes: raise its limit (RLIMIT_NPROC)";
            case Errno.EINVAL:
                return "; a " + whose + " id does not exist in this user namespace: choose one that /proc/self/"
                        + whose.charAt(0) + "id_map maps";
            default:
                return "";
        }
    }

    private static String prctl(String call, int errno) {
        if (errno == Errno.EPERM && call.contains("PR_CAPBSET_DROP")) {
            return Lack.of(
                    CAP_SETPCAP,
                    "CAP_SETPCAP",
                    ", which containers often leave out: start the JVM as root with that capability, or leave the bounding"
                            + " set as it is (bounding=keep)");
        }
        if (errno == Errno.EPERM && call.contains("PR_SET_SECUREBITS")) {
            return lacksSetpcap()
                    ? "; securebits takes CAP_SETPCAP, which the process does not have: start it with that capability"
                            + " (--cap-add SETPCAP), or leave out securebits"
                    : "; a bit that would change is locked";
        }
        if (errno == Errno.EPERM && call.contains("PR_SET_KEEPCAPS")) {
            return "; the bit is locked (keep_caps_locked)";
        }
        if (errno == Errno.EPERM && call.contains("PR_CAP_AMBIENT_RAISE")) {
            return "; the capability must be permitted and inheritable, and no_cap_ambient_raise not be set";
        }
        return errno == Errno.EINVAL ? "; this kernel does not know the option, or an argument is wrong" : "";
    }

    private static boolean lacksSetpcap() {
        return Lack.isLacking(CAP_SETPCAP);
    }

    private static String directory(Program program, int index, int errno) {
        String name = program.name(index);
        switch (errno) {
            case Errno.ENOENT:
                if (name.equals("chroot") && Lack.isLacking(CAP_SYS_CHROOT)) {
                    return INSIDE;
                }
                return "; there is no such directory" + inside(program, index) + ": create it, or name another";
            case Errno.ENOTDIR:
                return "; that is no directory" + inside(program, index) + ": name one";
            case Errno.EPERM:
                return name.equals("chroot") ? Lack.of(CAP_SYS_CHROOT, "CAP_SYS_CHROOT", AS_ROOT) : "";
            case Errno.EACCES:
                return "; some directory on the path may not be searched by the user who would make the call then";
            default:
                return "";
        }
    }

    /** Where the path is looked for: behind chroot not where the operator sees it. */
    private static String inside(Program program, int index) {
        for (int earlier = index - 1; earlier >= 0; earlier--) {
            if (program.name(earlier).equals("chroot")) {
                return " inside the new root directory";
            }
        }
        return "";
    }

    private static String fileAttribute(int errno) {
        switch (errno) {
            case Errno.EPERM:
                return "; the process lacks CAP_SETFCAP in the user namespace that the file system belongs to";
            case Errno.EOPNOTSUPP:
                return "; the file system does not keep security attributes";
            case Errno.EINVAL:
                return "; capabilities belong to regular files";
            default:
                return "";
        }
    }

    private static String engineCause(int errno) {
        switch (errno) {
            case Errno.ECHILD:
                return "; this process was forked from a JVM without exec and has no engine";
            case Errno.EBUSY:
                return "; another broadcast is under way outside the lock: try again";
            case Errno.EAGAIN:
            case Errno.ENOMEM:
                return "; the process or its user is at a limit of tasks or memory: raise it (RLIMIT_NPROC, pids.max, memory.max)";
            case Errno.EPERM:
            case Errno.ENOSYS:
                return "; a seccomp filter (a container's profile) refuses a system call that the engine needs: allow clone, wait4 and clock_gettime";
            case Errno.ETIMEDOUT:
                return "; the disposable process that tried it did not end: a process of the same user, or a debugger, stops it";
            default:
                return "";
        }
    }
}

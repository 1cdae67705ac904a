package dev.psx.process;

import dev.psx.spi.Errno;

/** Why a step of a start usually fails, and what to do about it. */
final class LaunchCauses {

    private static final String EMPTY = "";

    private LaunchCauses() {}

    /** Returns the cause with a semicolon before it; nothing if it is not known. */
    static String of(LaunchStep step, String call, String shown, int errno) {
        String cause = cause(step, shown, Errno.name(errno));
        if (cause.isEmpty() && errno == Errno.ENOSYS) {
            cause = "this kernel lacks the call, or a seccomp filter (a container's profile) refuses it";
        }
        if (cause.isEmpty() && errno == Errno.EPERM) {
            cause = "a capability is missing, or a seccomp filter refuses the call";
        }
        return cause.isEmpty() ? EMPTY : "; " + cause;
    }

    private static String cause(LaunchStep step, String shown, String error) {
        switch (step) {
            case CLONE:
            case UNSHARE:
                return namespaces(shown, error);
            case ID_MAPS:
                return maps(error);
            case USER:
            case GROUP:
            case GROUPS:
                return ids(step, error);
            case PROGRAM:
                return program(error);
            case DESCRIPTORS:
                return error.equals("EBADF") ? "this process has no such descriptor open" : EMPTY;
            case LANDLOCK:
            case SECCOMP:
                return error.equals("EPERM") || error.equals("EACCES")
                        ? "without CAP_SYS_ADMIN the child needs noNewPrivileges(true)"
                        : EMPTY;
            default:
                return other(step, error);
        }
    }

    private static String namespaces(String shown, String error) {
        switch (error) {
            case "EPERM":
                return shown.contains("CLONE_NEWUSER")
                        ? "user namespaces are not allowed here: see /proc/sys/user/max_user_namespaces, the distribution's"
                                + " restrictions, and whether this process runs in a chroot"
                        : "new namespaces need CAP_SYS_ADMIN, or a new user namespace beside them";
            case "ENOSPC":
                return "there are too many namespaces, or they are nested too deeply: see /proc/sys/user";
            case "EAGAIN":
                return "a limit of tasks is reached: raise RLIMIT_NPROC or pids.max";
            case "EBADF":
            case "EOPNOTSUPP":
            case "EBUSY":
                return shown.contains("CLONE_INTO_CGROUP")
                        ? "the cgroup must be a leaf, or one without controllers, in a cgroup2 file system"
                        : EMPTY;
            default:
                return EMPTY;
        }
    }

    private static String maps(String error) {
        switch (error) {
            case "EPERM":
                return "without CAP_SETUID and CAP_SETGID a process may map its own effective ids only, one of each, with"
                        + " setgroups forbidden";
            case "EINVAL":
                return "the kernel takes no such map: at most 340 ranges that do not overlap, of ids that exist here";
            default:
                return EMPTY;
        }
    }

    private static String ids(LaunchStep step, String error) {
        boolean user = step == LaunchStep.USER;
        switch (error) {
            case "EPERM":
                return "the child lacks " + (user ? "CAP_SETUID" : "CAP_SETGID")
                        + (step == LaunchStep.GROUPS
                                ? ", or its user namespace forbids setgroups: see keepGroups"
                                : "");
            case "EINVAL":
                return "the child's user namespace has no such id: see " + (user ? "uidMap" : "gidMap");
            case "EAGAIN":
                return "the user has too many processes: raise RLIMIT_NPROC";
            default:
                return EMPTY;
        }
    }

    private static String program(String error) {
        switch (error) {
            case "ENOENT":
                return "there is no such file, or the interpreter that it names is missing";
            case "EACCES":
                return "it is a directory, or not executable for the child's user, or on a file system mounted noexec, or Landlock"
                        + " forbids it";
            case "ENOEXEC":
                return "the file is for another architecture, or a script without #! in its first line";
            case "E2BIG":
                return "arguments and environment together are too large: see the limit of the stack (ulimit -s)";
            default:
                return EMPTY;
        }
    }

    private static String other(LaunchStep step, String error) {
        if (error.equals("ESRCH") && step == LaunchStep.PARENT_DEATH_SIGNAL) {
            return "the parent had died already";
        }
        if (!error.equals("EPERM") && !error.equals("EACCES")) {
            return EMPTY;
        }
        switch (step) {
            case LIMITS:
                return "raising a hard limit needs CAP_SYS_RESOURCE";
            case NICE:
            case SCHEDULER:
                return "it needs CAP_SYS_NICE, or a limit that allows it";
            case OOM_SCORE:
                return "lowering it needs CAP_SYS_RESOURCE";
            case CHROOT:
                return "it needs CAP_SYS_CHROOT";
            case DIRECTORY:
                return "the child's user may not enter it";
            case BOUNDING:
            case SECURE_BITS:
                return "it needs CAP_SETPCAP";
            case AMBIENT:
            case CAPABILITIES:
                return "ambient capabilities must be permitted in this process, in the bounding set, and not be forbidden by a secure bit";
            case SESSION:
                return "the child leads a process group already";
            case PROCESS_GROUP:
                return "there is no such process group in this session";
            case TERMINAL:
                return "the terminal is another session's";
            default:
                return EMPTY;
        }
    }
}

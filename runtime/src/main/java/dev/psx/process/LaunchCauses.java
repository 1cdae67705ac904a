package dev.psx.process;

import dev.psx.spi.Errno;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Why a step of a start usually fails, and what to do about it. The first row that fits is taken: those of a call are before the others. */
final class LaunchCauses {

    private static final String EMPTY = "";
    private static final String NOT_DUMPABLE =
            "this process is not dumpable (see PR_SET_DUMPABLE in prctl(2)), so that its files in /proc are root's";
    private static final String FILTER = "a seccomp filter (a container's profile) refuses it";

    private static final List<Cause> CAUSES = new ArrayList<>();

    static {
        places();
        namespaces();
        LaunchCausesOfRights.add();
        process();
        descriptors();
        program();
    }

    private LaunchCauses() {}

    /** Appends a row. An empty part fits every call. */
    static void add(LaunchStep step, String part, String errors, String text) {
        CAUSES.add(new Cause(step, part, errors, text));
    }

    private static void places() {
        add(LaunchStep.STREAMS, EMPTY, "EACCES", "this process's user may not open it");
        add(LaunchStep.STREAMS, EMPTY, "ENOENT", "the file, or a directory on the way to it, is missing");
        add(LaunchStep.STREAMS, EMPTY, "ETXTBSY", "the file is a program that runs");
        add(LaunchStep.STREAMS, EMPTY, "EMFILE", "this process has as many descriptors as it may: raise RLIMIT_NOFILE");
        add(
                LaunchStep.STREAMS,
                EMPTY,
                "ENFILE",
                "the system has as many open files as it may: see /proc/sys/fs/file-max");
        add(LaunchStep.CHROOT, EMPTY, "EPERM", "it needs CAP_SYS_CHROOT, or " + FILTER);
        add(LaunchStep.CHROOT, EMPTY, "EACCES", "this process's user may not enter it");
        add(LaunchStep.CHROOT, EMPTY, "ENOENT ENOTDIR", "there is no such directory");
        add(LaunchStep.DIRECTORY, EMPTY, "EACCES", "the child's user may not enter it");
        add(
                LaunchStep.DIRECTORY,
                EMPTY,
                "ENOENT ENOTDIR",
                "there is no such directory below the child's root directory");
        add(
                LaunchStep.MOUNTS,
                EMPTY,
                "EINVAL",
                "this process's root directory is no mount point, as after a chroot: mounts could not be kept inside");
    }

    private static void namespaces() {
        String leaf = "the cgroup must be a leaf, or one without controllers, and not be a sibling of threaded ones";
        for (LaunchStep step : Arrays.asList(LaunchStep.CLONE, LaunchStep.UNSHARE)) {
            add(
                    step,
                    "CLONE_NEWUSER",
                    "EPERM",
                    "user namespaces are not allowed here: see /proc/sys/user/max_user_namespaces, the distribution's"
                            + " restrictions, and whether this process runs in a chroot");
            add(
                    step,
                    "CLONE_NEW",
                    "EPERM",
                    "new namespaces need CAP_SYS_ADMIN, or a new user namespace beside them, or " + FILTER);
            add(
                    step,
                    EMPTY,
                    "ENOSPC",
                    "there are too many namespaces, or they are nested too deeply: see /proc/sys/user");
            add(step, EMPTY, "EAGAIN", "a limit of tasks is reached: raise RLIMIT_NPROC or pids.max");
        }
        add(LaunchStep.CLONE, "CLONE_INTO_CGROUP", "EBADF", "it is not open, or no directory of a cgroup2 file system");
        add(LaunchStep.CLONE, "CLONE_INTO_CGROUP", "EBUSY EOPNOTSUPP", leaf);
        add(LaunchStep.CLONE, "CLONE_INTO_CGROUP", "ENODEV ENOENT", "the cgroup has been removed");
        add(
                LaunchStep.CLONE,
                "CLONE_INTO_CGROUP",
                "EACCES",
                "cgroup.procs there, and in the nearest cgroup above both, must be writable for this process");
        add(LaunchStep.CLONE, "CLONE_INTO_CGROUP", "ENOSYS", "it needs clone3 of Linux 5.7, or " + FILTER);
        add(LaunchStep.CLONE, "CLONE_NEWTIME", "ENOSYS", "it needs clone3 of Linux 5.6, or " + FILTER);
        add(LaunchStep.ID_MAPS, "setgroups", "EPERM", "this process's user namespace forbids setgroups");
        add(
                LaunchStep.ID_MAPS,
                EMPTY,
                "EPERM",
                "without CAP_SETUID and CAP_SETGID a process may map its own effective ids only, one of each, with"
                        + " setgroups forbidden; with them only ids that its own user namespace has");
        add(
                LaunchStep.ID_MAPS,
                EMPTY,
                "EINVAL",
                "the kernel takes no such map: at most 340 ranges in less than 4096 bytes, which do not overlap");
        add(LaunchStep.ID_MAPS, EMPTY, "EACCES", NOT_DUMPABLE);
        add(LaunchStep.ID_MAPS, EMPTY, "ENOENT", "/proc is not mounted, or without this process's children");
    }

    private static void process() {
        add(LaunchStep.SESSION, EMPTY, "EPERM", "the child leads a process group already, or " + FILTER);
        add(LaunchStep.PROCESS_GROUP, EMPTY, "EPERM", "there is no such process group in this session");
        add(LaunchStep.FOREGROUND, EMPTY, "ENOTTY", "it must be the controlling terminal of this session");
        add(LaunchStep.TERMINAL, "TIOCNOTTY", "ENOTTY", "the standard input is not the controlling terminal");
        add(LaunchStep.TERMINAL, EMPTY, "ENOTTY", "the descriptor is no terminal");
        add(LaunchStep.TERMINAL, EMPTY, "EPERM", "the terminal is another session's");
        add(
                LaunchStep.LIMITS,
                "NOFILE",
                "EPERM",
                "raising a hard limit needs CAP_SYS_RESOURCE, and nobody gets more than /proc/sys/fs/nr_open");
        add(LaunchStep.LIMITS, EMPTY, "EPERM", "raising a hard limit needs CAP_SYS_RESOURCE");
        String nice = "it needs CAP_SYS_NICE, or a limit that allows it";
        add(LaunchStep.NICE, EMPTY, "EACCES EPERM", nice);
        add(LaunchStep.SCHEDULER, EMPTY, "EACCES EPERM", nice + "; in a cgroup of version 1 also cpu.rt_runtime_us");
        add(LaunchStep.OOM_SCORE, "openat", "ENOENT", "/proc is not mounted in this process's root directory");
        add(LaunchStep.OOM_SCORE, "openat", "EACCES", NOT_DUMPABLE);
        add(LaunchStep.OOM_SCORE, "write", "EACCES EPERM", "lowering it needs CAP_SYS_RESOURCE");
        add(LaunchStep.PARENT_DEATH_SIGNAL, EMPTY, "ESRCH", "the parent had died already");
        add(LaunchStep.PTRACE, EMPTY, "EPERM", "somebody traces the child already, or " + FILTER);
    }

    private static void descriptors() {
        String room =
                "the number that it shall have must be below the limit of open files: see limit(Resource.NOFILE, …)";
        add(LaunchStep.DESCRIPTORS, "F_DUPFD", "EINVAL EMFILE", room);
        add(LaunchStep.DESCRIPTORS, "dup3", "EBADF", "this process has no such descriptor open, or " + room);
        add(LaunchStep.DESCRIPTORS, EMPTY, "EBADF", "this process has no such descriptor open");
        add(LaunchStep.FOREGROUND, EMPTY, "EBADF", "this process has no such descriptor open");
    }

    private static void program() {
        add(
                LaunchStep.PROGRAM,
                EMPTY,
                "ENOENT",
                "there is no such file below the root directory that is in force, or the interpreter that it names is missing");
        add(
                LaunchStep.PROGRAM,
                EMPTY,
                "EACCES",
                "it or its interpreter is a directory, or not executable for the user that it shall run as, or on a file system mounted"
                        + " noexec, or Landlock forbids it");
        add(
                LaunchStep.PROGRAM,
                EMPTY,
                "ENOEXEC",
                "the file is for another architecture, or damaged, or a script without #! in its first line");
        add(LaunchStep.PROGRAM, EMPTY, "ELIBBAD EIO", "the program or its interpreter is damaged");
        add(LaunchStep.PROGRAM, EMPTY, "ELOOP", "symbolic links, or interpreters of scripts, lead in a circle");
        add(
                LaunchStep.PROGRAM,
                EMPTY,
                "E2BIG",
                "one argument or variable is longer than 131071 bytes, or all are too large together: see the limit of"
                        + " the stack (ulimit -s)");
        add(LaunchStep.PROGRAM, EMPTY, "ETXTBSY", "somebody has the program open for writing");
        add(LaunchStep.PROGRAM, EMPTY, "EAGAIN", "that user has too many processes: raise RLIMIT_NPROC");
        add(
                LaunchStep.PROGRAM,
                EMPTY,
                "EPERM",
                "a seccomp filter refuses the call: the child's own, or this process's");
    }

    /** Returns the cause with a semicolon before it; nothing if it is not known. */
    static String of(LaunchStep step, String shown, int errno) {
        String error = Errno.name(errno);
        for (Cause each : CAUSES) {
            if (each.fits(step, shown, error)) {
                return "; " + each.text;
            }
        }
        if (errno == Errno.ENOSYS) {
            return "; this kernel lacks the call, or " + FILTER;
        }
        return error.equals("EPERM") ? "; a capability is missing, or " + FILTER : EMPTY;
    }

    private static final class Cause {

        private final LaunchStep step;
        private final String part;
        private final List<String> errors;
        private final String text;

        Cause(LaunchStep step, String part, String errors, String text) {
            this.step = step;
            this.part = part;
            this.errors = Arrays.asList(errors.split(" "));
            this.text = text;
        }

        boolean fits(LaunchStep failed, String shown, String error) {
            return step == failed && shown.contains(part) && errors.contains(error);
        }
    }
}

package dev.psx.process;

/** The parts of a start, in the order in which they happen. A {@link LaunchException} names the one that failed. */
public enum LaunchStep {
    /** Opening files and pipes for the standard streams, in this process. */
    STREAMS,
    /** Creating the child with its namespaces and its cgroup, see clone(2). */
    CLONE,
    /** Keeping capabilities over the change of user, see PR_SET_KEEPCAPS in prctl(2). */
    KEEP_CAPABILITIES,
    /** Writing the maps of a new user namespace, see user_namespaces(7). */
    ID_MAPS,
    /** The new session, see setsid(2). */
    SESSION,
    /** The process group, see setpgid(2). */
    PROCESS_GROUP,
    /** Becoming the terminal's foreground process group, see tcsetpgrp(3). */
    FOREGROUND,
    /** Resource limits, see getrlimit(2). */
    LIMITS,
    /** The nice value, see setpriority(2). */
    NICE,
    /** The scheduling policy, see sched_setscheduler(2). */
    SCHEDULER,
    /** The out-of-memory score adjustment, see proc_pid_oom_score_adj(5). */
    OOM_SCORE,
    /** The file mode creation mask, see umask(2). */
    UMASK,
    /** Namespaces that the child makes for itself, see unshare(2). */
    UNSHARE,
    /** Making the mounts of a new mount namespace private, see mount_namespaces(7). */
    MOUNTS,
    /** The root directory, see chroot(2). */
    CHROOT,
    /** The bounding set, see PR_CAPBSET_DROP in prctl(2). */
    BOUNDING,
    /** The session keyring, see session-keyring(7). */
    KEYRING,
    /** The supplementary groups, see setgroups(2). */
    GROUPS,
    /** The group ids, see setresgid(2). */
    GROUP,
    /** The user ids, see setresuid(2). */
    USER,
    /** The capability sets, see capset(2). */
    CAPABILITIES,
    /** The ambient set, see PR_CAP_AMBIENT in prctl(2). */
    AMBIENT,
    /** The secure bits, see PR_SET_SECUREBITS in prctl(2). */
    SECURE_BITS,
    /** The working directory, see chdir(2). */
    DIRECTORY,
    /** The signal at the parent's death, see PR_SET_PDEATHSIG in prctl(2). */
    PARENT_DEATH_SIGNAL,
    /** The descriptors, see dup3(2) and close_range(2). */
    DESCRIPTORS,
    /** The controlling terminal, see TIOCSCTTY and TIOCNOTTY in ioctl_tty(2). */
    TERMINAL,
    /** The signal mask, which is empty in the program, see sigprocmask(2). */
    SIGNAL_MASK,
    /** The bit no_new_privs, see PR_SET_NO_NEW_PRIVS in prctl(2). */
    NO_NEW_PRIVILEGES,
    /** Being traced, see PTRACE_TRACEME in ptrace(2). */
    PTRACE,
    /** The Landlock ruleset, see landlock_restrict_self(2). */
    LANDLOCK,
    /** The seccomp filters, see seccomp(2). */
    SECCOMP,
    /** Executing the program, see execve(2). */
    PROGRAM
}

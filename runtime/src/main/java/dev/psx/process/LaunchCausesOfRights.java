package dev.psx.process;

/** Why a child does not become who it shall be, or is not restricted. */
final class LaunchCausesOfRights {

    private static final String EMPTY = "";

    private LaunchCausesOfRights() {}

    static void add() {
        ids();
        capabilities();
        sandbox();
    }

    private static void ids() {
        LaunchCauses.add(LaunchStep.USER, EMPTY, "EPERM", "the child lacks CAP_SETUID");
        LaunchCauses.add(LaunchStep.USER, EMPTY, "EINVAL", "the child's user namespace has no such id: see uidMap");
        LaunchCauses.add(LaunchStep.USER, EMPTY, "EAGAIN", "the user has too many processes: raise RLIMIT_NPROC");
        LaunchCauses.add(LaunchStep.GROUP, EMPTY, "EPERM", "the child lacks CAP_SETGID");
        LaunchCauses.add(LaunchStep.GROUP, EMPTY, "EINVAL", "the child's user namespace has no such id: see gidMap");
        LaunchCauses.add(
                LaunchStep.GROUPS,
                EMPTY,
                "EPERM",
                "the child lacks CAP_SETGID, or its user namespace has no gid map or forbids setgroups: see keepGroups");
        LaunchCauses.add(
                LaunchStep.GROUPS,
                EMPTY,
                "EINVAL",
                "the child's user namespace has no such id (see gidMap), or there are more than 65536");
    }

    private static void capabilities() {
        LaunchCauses.add(
                LaunchStep.KEYRING,
                EMPTY,
                "EDQUOT",
                "this process's user has as many keys as it may: see /proc/key-users and /proc/sys/kernel/keys");
        LaunchCauses.add(
                LaunchStep.KEEP_CAPABILITIES, EMPTY, "EPERM", "the secure bit keep_caps_locked forbids to keep any");
        LaunchCauses.add(LaunchStep.BOUNDING, EMPTY, "EPERM", "it needs CAP_SETPCAP");
        LaunchCauses.add(
                LaunchStep.SECURE_BITS,
                EMPTY,
                "EPERM",
                "it needs CAP_SETPCAP, and a bit that is locked or unknown to the kernel cannot be changed");
        LaunchCauses.add(
                LaunchStep.CAPABILITIES,
                EMPTY,
                "EPERM",
                "ambient capabilities must be permitted in this process, inheritable ones also in the bounding set;"
                        + " more than are permitted need CAP_SETPCAP");
        LaunchCauses.add(
                LaunchStep.AMBIENT,
                EMPTY,
                "EPERM",
                "ambient capabilities must be permitted in this process, in the bounding set, and not be forbidden by"
                        + " a secure bit");
    }

    private static void sandbox() {
        String privileges = "without CAP_SYS_ADMIN the child needs noNewPrivileges(true)";
        LaunchCauses.add(LaunchStep.LANDLOCK, EMPTY, "EPERM", privileges);
        LaunchCauses.add(LaunchStep.LANDLOCK, EMPTY, "EBADF", "this process has no such descriptor open");
        LaunchCauses.add(LaunchStep.LANDLOCK, EMPTY, "EBADFD", "the descriptor is none of landlock_create_ruleset(2)");
        LaunchCauses.add(LaunchStep.LANDLOCK, EMPTY, "EINVAL", "this kernel does not know these flags");
        LaunchCauses.add(LaunchStep.LANDLOCK, EMPTY, "E2BIG", "16 rulesets are in force already");
        LaunchCauses.add(
                LaunchStep.LANDLOCK, EMPTY, "EOPNOTSUPP", "Landlock is switched off: see the kernel's parameter lsm=");
        LaunchCauses.add(LaunchStep.SECCOMP, EMPTY, "EACCES", privileges);
        LaunchCauses.add(LaunchStep.SECCOMP, EMPTY, "EPERM", "a filter that is in force already refuses the call");
        LaunchCauses.add(
                LaunchStep.SECCOMP, EMPTY, "EINVAL", "the kernel takes no such program, or has no seccomp filters");
        LaunchCauses.add(LaunchStep.SECCOMP, EMPTY, "ENOMEM", "all filters together have too many instructions");
    }
}

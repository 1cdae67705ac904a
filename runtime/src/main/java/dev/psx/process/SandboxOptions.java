package dev.psx.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Where the child lives and what it may do there. */
abstract class SandboxOptions<B extends SandboxOptions<B>> extends IdentityOptions<B> {

    private static final int INSTRUCTION = 8;
    private static final int MOST_INSTRUCTIONS = 4096;

    SandboxOptions(LaunchSpec spec) {
        super(spec);
    }

    /**
     * New namespaces that the child is born in (Go: Cloneflags), see clone(2). In a new mount namespace all mounts are made private: what
     * is mounted inside is not seen outside. All but {@link Namespace#USER} need CAP_SYS_ADMIN or a new user namespace.
     *
     * @param namespaces which ones
     * @return this builder
     */
    public B namespaces(Namespace... namespaces) {
        spec.cloned = mask(namespaces);
        return self();
    }

    /**
     * New namespaces that the child makes for itself (Go: Unshareflags), see unshare(2). Its children, not itself, are then in a new pid
     * namespace.
     *
     * @param namespaces which ones
     * @return this builder
     */
    public B unshare(Namespace... namespaces) {
        spec.unshared = mask(namespaces);
        return self();
    }

    private static long mask(Namespace... namespaces) {
        long mask = 0;
        for (Namespace each : namespaces) {
            mask |= each.mask();
        }
        return mask;
    }

    /**
     * The user ids of the new user namespace (Go: UidMappings). This process writes them; without CAP_SETUID it may map its own effective
     * id only.
     *
     * @param ranges which ids inside stand for which outside
     * @return this builder
     */
    public B uidMap(IdMap... ranges) {
        spec.uidMap = present(ranges);
        return self();
    }

    /**
     * The group ids of the new user namespace (Go: GidMappings). This process writes them; without CAP_SETGID it may map its own
     * effective id only, and {@link #allowSetgroups} must not be asked for.
     *
     * @param ranges which ids inside stand for which outside
     * @return this builder
     */
    public B gidMap(IdMap... ranges) {
        spec.gidMap = present(ranges);
        return self();
    }

    private static List<IdMap> present(IdMap... ranges) {
        List<IdMap> list = new ArrayList<>();
        for (IdMap each : ranges) {
            list.add(Objects.requireNonNull(each, "a range of an id map"));
        }
        return list;
    }

    /**
     * Whether setgroups(2) may be called in the new user namespace (Go: GidMappingsEnableSetgroups); otherwise not. Where it may not,
     * asking for no supplementary groups makes no call, and the child keeps this process's.
     *
     * @param allow whether it may be called
     * @return this builder
     */
    public B allowSetgroups(boolean allow) {
        spec.setgroupsAllowed = allow;
        return self();
    }

    /**
     * The child's root directory, see chroot(2); it needs CAP_SYS_CHROOT. The program's path and the working directory are inside; without
     * one the working directory is the new root. The program must be given as a path: it is not looked for.
     *
     * @param directory the directory
     * @return this builder
     */
    public B chroot(Path directory) {
        spec.chroot = directory.toString();
        return self();
    }

    /**
     * The cgroup that the child is born in (Go: UseCgroupFD, CgroupFD), see CLONE_INTO_CGROUP in clone(2); Linux 5.7.
     *
     * @param directory a descriptor of the cgroup's directory in a cgroup2 file system
     * @return this builder
     */
    public B cgroup(int directory) {
        spec.cgroup = Numbers.descriptor(directory);
        spec.cgroupPath = null;
        return self();
    }

    /**
     * The cgroup that the child is born in.
     *
     * @param directory the cgroup's directory in a cgroup2 file system
     * @return this builder
     */
    public B cgroup(Path directory) {
        spec.cgroup = null;
        spec.cgroupPath = directory.toString();
        return self();
    }

    /**
     * Restricts the child by a Landlock ruleset (Go 1.28: UseLandlock, LandlockFD, LandlockFlags), see landlock_restrict_self(2). Needs
     * {@link #noNewPrivileges} or CAP_SYS_ADMIN.
     *
     * @param ruleset a descriptor of the ruleset, from landlock_create_ruleset(2); the child does not inherit it
     * @param flags 0, or LANDLOCK_RESTRICT_SELF_…
     * @return this builder
     */
    public B landlock(int ruleset, int flags) {
        spec.landlock = Numbers.descriptor(ruleset);
        spec.landlockFlags = flags;
        return self();
    }

    /**
     * Adds a seccomp filter, see seccomp(2). The last one is installed last, directly before the program is executed: all must allow
     * execve, and the first ones the installation of the others. Needs {@link #noNewPrivileges} or CAP_SYS_ADMIN.
     *
     * @param instructions a classic BPF program of 1 to 4096 instructions of 8 bytes, as struct sock_filter has them
     * @return this builder
     * @throws IllegalArgumentException if that cannot be a program
     */
    public B seccomp(byte[] instructions) {
        int count = instructions.length / INSTRUCTION;
        if (instructions.length % INSTRUCTION != 0 || count == 0 || count > MOST_INSTRUCTIONS) {
            throw new IllegalArgumentException("a seccomp filter has 1 to " + MOST_INSTRUCTIONS + " instructions of "
                    + INSTRUCTION + " bytes, this one has " + instructions.length + " bytes");
        }
        spec.filters.add(instructions.clone());
        return self();
    }

    /** Refuses what would be ignored, or what the kernel would refuse without a reason. */
    final void checkNamespaces() {
        boolean user = spec.newNamespace(Namespace.USER);
        if (spec.hasMaps() && !user) {
            throw new IllegalArgumentException(
                    "there are id maps but no new user namespace: give namespaces(Namespace.USER) too");
        }
        if (spec.setgroupsAllowed && spec.gidMap.isEmpty()) {
            throw new IllegalArgumentException("setgroups is allowed but there is no gid map: give gidMap(…) too");
        }
        long twice = spec.cloned & spec.unshared;
        if (twice != 0) {
            throw new IllegalArgumentException(
                    "both of namespaces and unshare have " + Namespace.shown(twice) + ": one will do");
        }
        IdMap.text(spec.uidMap, "uid");
        IdMap.text(spec.gidMap, "gid");
        int[] groups = spec.ids.groups;
        if (groups != null && groups.length > 0 && !spec.gidMap.isEmpty() && !spec.setgroupsAllowed) {
            throw new IllegalArgumentException(
                    "the new user namespace forbids setgroups: ask for noGroups() or keepGroups(),"
                            + " or allow it with allowSetgroups(true)");
        }
    }

    final void checkPaths() {
        List<String> paths = Arrays.asList(spec.directory, spec.chroot, spec.cgroupPath);
        for (String path : paths) {
            if (path != null && path.isEmpty()) {
                throw new IllegalArgumentException("a directory cannot have the empty path");
            }
        }
    }
}

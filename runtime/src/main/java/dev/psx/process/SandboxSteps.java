package dev.psx.process;

/** Where the child lives: namespaces, root and working directory; and what it may do: no_new_privs, Landlock, seccomp. */
final class SandboxSteps {

    private static final long MS_REC_PRIVATE = 0x4000 | 1 << 18;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PTRACE_TRACEME = 0;
    private static final int SECCOMP_SET_MODE_FILTER = 1;
    private static final int INSTRUCTION = 8;

    private final LaunchSpec spec;
    private final ChildProgram program;

    SandboxSteps(LaunchSpec spec, ChildProgram program) {
        this.spec = spec;
        this.program = program;
    }

    /** A namespace that the child was born in. */
    void mapsOfClone() {
        if (spec.hasMaps() && (spec.cloned & Namespace.USER.mask()) != 0) {
            program.awaitMaps();
        }
    }

    void unshare() {
        if (spec.unshared != 0) {
            String shown = "unshare(" + Namespace.shown(spec.unshared) + ")";
            program.add(LaunchStep.UNSHARE, shown, "unshare", spec.unshared);
        }
        if (spec.hasMaps() && (spec.unshared & Namespace.USER.mask()) != 0) {
            program.awaitMaps();
        }
        if (spec.newNamespace(Namespace.MOUNT)) {
            byte[] root = Texts.zeroTerminated("/");
            program.add(
                    LaunchStep.MOUNTS,
                    "mount(/, MS_REC | MS_PRIVATE)",
                    "mount",
                    Texts.zeroTerminated("none"),
                    root,
                    0,
                    MS_REC_PRIVATE,
                    0);
        }
    }

    /** Whoever keeps a working directory outside can leave the new root. */
    void root() {
        if (spec.chroot != null) {
            byte[] path = Texts.zeroTerminated(spec.chroot);
            program.add(LaunchStep.CHROOT, "chroot(" + spec.chroot + ")", "chroot", (Object) path);
            program.add(LaunchStep.CHROOT, "chdir(/)", "chdir", (Object) Texts.zeroTerminated("/"));
        }
    }

    void directory() {
        if (spec.directory != null) {
            byte[] path = Texts.zeroTerminated(spec.directory);
            program.add(LaunchStep.DIRECTORY, "chdir(" + spec.directory + ")", "chdir", (Object) path);
        }
    }

    /** @param landlock where the ruleset's descriptor is now */
    void restrict(Object landlock) {
        if (Boolean.TRUE.equals(spec.noNewPrivileges)) {
            program.add(
                    LaunchStep.NO_NEW_PRIVILEGES,
                    "prctl(PR_SET_NO_NEW_PRIVS, 1)",
                    "prctl",
                    PR_SET_NO_NEW_PRIVS,
                    1,
                    0,
                    0,
                    0);
        }
        if (spec.ptrace) {
            program.add(LaunchStep.PTRACE, "ptrace(PTRACE_TRACEME)", "ptrace", PTRACE_TRACEME, 0, 0, 0);
        }
        if (spec.landlock != null) {
            String shown = "landlock_restrict_self(" + spec.landlock + ", " + spec.landlockFlags + ")";
            program.add(LaunchStep.LANDLOCK, shown, "landlock_restrict_self", landlock, spec.landlockFlags);
        }
        for (byte[] filter : spec.filters) {
            filter(filter);
        }
    }

    /** struct sock_fprog {u16 length; struct sock_filter *filter}. */
    private void filter(byte[] instructions) {
        ChildMemory memory = program.memory();
        ChildMemory.Place code = memory.put(instructions);
        int length = instructions.length / INSTRUCTION;
        byte[] head = new byte[2 * Long.BYTES];
        head[0] = (byte) length;
        head[1] = (byte) (length >> Byte.SIZE);
        ChildMemory.Place filter = memory.put(head);
        memory.address(filter.offset + Long.BYTES, code);
        String shown = "seccomp(SECCOMP_SET_MODE_FILTER, 0, " + length + " instructions)";
        program.add(LaunchStep.SECCOMP, shown, "seccomp", SECCOMP_SET_MODE_FILTER, 0, filter);
    }
}

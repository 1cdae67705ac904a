package dev.psx.process;

import dev.psx.spi.CapabilityCalls;
import dev.psx.spi.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.StringJoiner;

/** Who the child is: groups, ids, capabilities, secure bits. */
final class IdentitySteps {

    private static final int PR_SET_KEEPCAPS = 8;
    private static final int PR_SET_SECUREBITS = 28;
    private static final int PR_CAPBSET_DROP = 24;
    private static final int PR_CAP_AMBIENT = 47;
    private static final int PR_CAP_AMBIENT_RAISE = 2;
    private static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;
    private static final int KEYCTL_JOIN_SESSION_KEYRING = 1;
    private static final long SETPCAP = 1L << 8;
    private static final int SHOWN_GROUPS = 32;

    private final LaunchSpec spec;
    private final Surroundings surroundings;
    private final ChildProgram program;

    IdentitySteps(LaunchSpec spec, Surroundings surroundings, ChildProgram program) {
        this.spec = spec;
        this.surroundings = surroundings;
        this.program = program;
    }

    /** First of all: what is permitted must outlive the change of user. */
    void keepCapabilities() {
        if (spec.ids.uid != null && changesCapabilities()) {
            program.add(LaunchStep.KEEP_CAPABILITIES, "prctl(PR_SET_KEEPCAPS, 1)", "prctl", PR_SET_KEEPCAPS, 1);
        }
    }

    private boolean changesCapabilities() {
        return spec.ambient != null || spec.inheritable != null || spec.secureBits != null;
    }

    void change() {
        if (spec.bounding != null) {
            dropBounding();
        }
        if (leavesRoot() && surroundings.hasKeyrings()) {
            keyring();
        }
        groups();
        if (spec.ids.gid != null) {
            setAll(LaunchStep.GROUP, "setresgid", spec.ids.gid);
        }
        if (spec.ids.uid != null) {
            setAll(LaunchStep.USER, "setresuid", spec.ids.uid);
        }
        if (changesCapabilities()) {
            capabilities();
        } else if (leavesRoot() && keepsSome()) {
            capset(0, 0, 0); // the kernel leaves a user what another user had, ambient capabilities too
        }
    }

    /** The kernel takes them from root alone, and not where a secure bit forbids it. Directory and program are the new user's to reach. */
    private boolean keepsSome() {
        long[] before = capabilitiesBefore();
        boolean outside = !spec.newNamespace(Namespace.USER);
        return before[2] != 0 || before[0] != 0 && outside && !surroundings.losesCapabilitiesWithRoot();
    }

    private boolean leavesRoot() {
        return spec.ids.uid != null && spec.ids.uid != 0;
    }

    private void dropBounding() {
        for (int capability = 0; capability < Long.SIZE; capability++) {
            if (((surroundings.allCapabilities() & ~spec.bounding) >>> capability & 1) != 0) {
                String shown = "prctl(PR_CAPBSET_DROP, " + capability + ")";
                program.add(LaunchStep.BOUNDING, shown, "prctl", PR_CAPBSET_DROP, capability);
            }
        }
    }

    /** Whoever has a session keyring may read its keys, whatever user he is. While the quota is still the parent's. */
    private void keyring() {
        String shown = "keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL)";
        program.add(LaunchStep.KEYRING, shown, "keyctl", KEYCTL_JOIN_SESSION_KEYRING, 0);
    }

    /** Where a user namespace forbids setgroups, no groups is what can be had, and there are none of its own. */
    private void groups() {
        int[] groups = spec.ids.groups;
        boolean forbidden = !spec.gidMap.isEmpty() && !spec.setgroupsAllowed;
        if (groups == null || forbidden && groups.length == 0) {
            return;
        }
        ByteBuffer list = ByteBuffer.allocate(groups.length * Integer.BYTES).order(ByteOrder.nativeOrder());
        for (int group : groups) {
            list.putInt(group);
        }
        program.add(LaunchStep.GROUPS, "setgroups(" + shown(groups) + ")", "setgroups", groups.length, list.array());
    }

    /** The kernel takes 65,536 of them, a reader does not. */
    private static String shown(int... groups) {
        StringJoiner shown = new StringJoiner(", ");
        for (int i = 0; i < Math.min(groups.length, SHOWN_GROUPS); i++) {
            shown.add(Integer.toUnsignedString(groups[i]));
        }
        return groups.length > SHOWN_GROUPS ? shown + ", … " + groups.length + " groups" : shown.toString();
    }

    /** All of them: the kernel's setuid leaves a caller without privileges his saved id, by which he can come back. */
    private void setAll(LaunchStep step, String call, int id) {
        program.add(step, call, Integer.toUnsignedLong(id), Integer.toUnsignedLong(id), Integer.toUnsignedLong(id));
    }

    /** With the secure bits, which may forbid what is before them, as late as their capability allows. */
    private void capabilities() {
        long[] now = capabilitiesBefore();
        long ambient = spec.ambient == null ? 0 : spec.ambient;
        long kept = leavesRoot() ? 0 : now[2];
        long inheritable = (spec.inheritable == null ? kept : spec.inheritable) | ambient;
        boolean bits = spec.secureBits != null;
        if (bits || spec.ambient != null || spec.inheritable != null) {
            long permitted = now[0] | ambient;
            capset(permitted, (now[1] | ambient | (bits ? SETPCAP : 0)) & permitted, inheritable);
        }
        if (spec.ambient != null) {
            ambient();
        }
        if (bits) {
            String shown = "prctl(PR_SET_SECUREBITS, 0x" + Integer.toHexString(spec.secureBits) + ")";
            program.add(LaunchStep.SECURE_BITS, shown, "prctl", PR_SET_SECUREBITS, spec.secureBits);
        }
        if (leavesRoot()) {
            capset(ambient, ambient, inheritable); // what follows happens with the new user's rights
        }
    }

    /** A new user namespace gives all capabilities to who makes it, or is born in it. */
    private long[] capabilitiesBefore() {
        long all = surroundings.allCapabilities();
        boolean fresh = spec.newNamespace(Namespace.USER);
        long[] now = fresh ? new long[] {all, all, 0} : surroundings.capabilities();
        return leavesRoot() ? new long[] {now[0], 0, now[2]} : now;
    }

    private void capset(long permitted, long effective, long inheritable) {
        Program call = new Program();
        String shown =
                "permitted " + hex(permitted) + ", effective " + hex(effective) + ", inheritable " + hex(inheritable);
        CapabilityCalls.capset(call, shown, permitted, effective, inheritable);
        byte[][] blobs = call.blobs();
        program.add(LaunchStep.CAPABILITIES, call.describe(0), "capset", blobs[0], blobs[1]);
    }

    private static String hex(long set) {
        return "0x" + Long.toHexString(set);
    }

    private void ambient() {
        String clear = "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)";
        program.add(LaunchStep.AMBIENT, clear, "prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
        for (int capability = 0; capability < Long.SIZE; capability++) {
            if ((spec.ambient >>> capability & 1) != 0) {
                String shown = "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, " + capability + ")";
                program.add(LaunchStep.AMBIENT, shown, "prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0);
            }
        }
    }
}

package dev.psx.cap;

import dev.psx.Credentials;
import dev.psx.cap.CapabilitySet.Flag;
import dev.psx.cap.SecureBits.Bit;
import dev.psx.spi.IdSet;

/**
 * What else concerns the capabilities of this process: the bounding set, the ambient set, the bits that go with them, and changes
 * of ids that keep capabilities. Everything holds for every task.
 *
 * <p>Sets are masks as {@link Capability} explains them. The methods that look throw IllegalStateException if tasks differ. Those
 * that change something change all of it on every task, or nothing anywhere, and throw:
 *
 * <ul>
 *   <li>{@link dev.psx.ErrnoException} if that is not allowed: nothing has changed
 *   <li>{@link dev.psx.UnreachableException} if some task could not be gathered: nothing has changed
 *   <li>{@link dev.psx.DivergenceException} if some task had another result and the policy says so, see
 *       {@link dev.psx.Psx#onDivergence}
 * </ul>
 *
 * <p>All throw IllegalStateException if there is no engine, and SecurityException if the caller may not broadcast.
 */
public final class Capabilities {

    private Capabilities() {}

    /**
     * Returns the bounding set: what executing a program can still give, see PR_CAPBSET_READ in prctl(2).
     *
     * @return the mask
     */
    public static long bounding() {
        return ProcessState.common("bounding sets", Credentials::bounding);
    }

    /**
     * Tells whether a capability is in the bounding set, as cap_get_bound(3) does.
     *
     * @param capability the capability
     * @return false also if the kernel does not know it
     */
    public static boolean isBounding(Capability capability) {
        return (bounding() & capability.mask()) != 0;
    }

    /**
     * Takes capabilities out of the bounding set for good, as cap_drop_bound(3) does. CAP_SETPCAP must be effective.
     *
     * @param capabilities the capabilities; those that are not in the set are left out
     */
    public static void dropBounding(Capability... capabilities) {
        long mask = Capability.mask(capabilities);
        ProcessState.change(before -> Changes.begin().dropBounding(mask & before.get().bounding));
    }

    /**
     * Returns the ambient set: what every executed program keeps, see PR_CAP_AMBIENT in prctl(2).
     *
     * @return the mask
     */
    public static long ambient() {
        return ProcessState.common("ambient sets", Credentials::ambient);
    }

    /**
     * Tells whether a capability is in the ambient set, as cap_get_ambient(3) does.
     *
     * @param capability the capability
     * @return false also if the kernel does not know it
     */
    public static boolean isAmbient(Capability capability) {
        return (ambient() & capability.mask()) != 0;
    }

    /**
     * Tells whether the kernel has an ambient set, as CAP_AMBIENT_SUPPORTED does.
     *
     * @return false before Linux 4.3
     */
    public static boolean isAmbientSupported() {
        return ProcessState.ambientSupported();
    }

    /**
     * Adds capabilities to the ambient set, as cap_set_ambient(3) with CAP_SET does. They must be permitted and inheritable.
     *
     * @param capabilities the capabilities
     */
    public static void raiseAmbient(Capability... capabilities) {
        ProcessState.change(before -> Changes.begin().raiseAmbient(Capability.mask(capabilities)));
    }

    /**
     * Takes capabilities out of the ambient set, as cap_set_ambient(3) with CAP_CLEAR does.
     *
     * @param capabilities the capabilities
     */
    public static void lowerAmbient(Capability... capabilities) {
        ProcessState.change(before -> Changes.begin().lowerAmbient(Capability.mask(capabilities)));
    }

    /** Empties the ambient set, as cap_reset_ambient(3) does. */
    public static void clearAmbient() {
        ProcessState.change(before -> Changes.begin().clearAmbient());
    }

    /**
     * Tells whether giving up user id 0 leaves the permitted set, see PR_GET_KEEPCAPS in prctl(2). Asks every task by a broadcast.
     *
     * @return the bit {@link Bit#KEEP_CAPS}
     */
    public static boolean keepsCapabilities() {
        return SecureBits.ofProcess().has(Bit.KEEP_CAPS);
    }

    /**
     * Says whether giving up user id 0 leaves the permitted set, see PR_SET_KEEPCAPS in prctl(2). Needs no capability, unless the bit
     * is locked.
     *
     * @param keep the new value of the bit {@link Bit#KEEP_CAPS}
     */
    public static void keepCapabilities(boolean keep) {
        ProcessState.change(before -> Changes.begin().keepCapabilities(keep));
    }

    /**
     * Tells whether executing a program can no longer give privileges, see PR_GET_NO_NEW_PRIVS in prctl(2).
     *
     * @return the bit no_new_privs
     */
    public static boolean hasNoNewPrivileges() {
        return ProcessState.common("no_new_privs", Credentials::noNewPrivs);
    }

    /** Keeps executed programs from giving privileges, for good, see PR_SET_NO_NEW_PRIVS in prctl(2). Needs no capability. */
    public static void setNoNewPrivileges() {
        ProcessState.change(before -> Changes.begin().noNewPrivileges());
    }

    /**
     * Changes the real, effective, saved and file system user id and keeps the permitted and the inheritable set, as cap_setuid(3)
     * does. The effective set is empty afterwards, and the bit {@link Bit#KEEP_CAPS} clear; the ambient set is, too, if user id 0
     * is given up. Needs CAP_SETUID permitted; it is made effective for the moment that needs it.
     *
     * @param uid the user id, 0 to 2147483647
     */
    public static void setuid(int uid) {
        IdSet.require(uid);
        ProcessState.change(before -> setuid(uid, before.get().sets, SecureBits.ofTask()));
    }

    /** Where fix-ups are off there is nothing to keep; where the bit is locked the last call says whether it was needed. */
    static Changes setuid(int uid, CapabilitySet sets, SecureBits bits) {
        boolean keep = !bits.has(Bit.NO_SETUID_FIXUP) && !bits.isLocked(Bit.KEEP_CAPS);
        Changes changes = Changes.begin();
        if (keep) {
            changes.keepCapabilities(true);
        }
        changes.raise(sets, Capability.SETUID).id("setuid", uid);
        if (keep) {
            changes.keepCapabilities(false);
        }
        return changes.capset(sets.clear(Flag.EFFECTIVE));
    }

    /**
     * Changes the real, effective, saved and file system group id and the supplementary groups, as cap_setgroups(3) does. The
     * effective set is empty afterwards. Needs CAP_SETGID permitted; it is made effective for the moment that needs it.
     *
     * @param gid the group id, 0 to 2147483647
     * @param groups the supplementary groups, at most 65536, each 0 to 2147483647; none clears the list
     */
    public static void setgroups(int gid, int... groups) {
        IdSet.require(gid);
        int[] own = groups.clone();
        for (int group : own) {
            IdSet.require(group);
        }
        ProcessState.change(before -> {
            CapabilitySet sets = before.get().sets;
            return Changes.begin()
                    .raise(sets, Capability.SETGID)
                    .id("setgid", gid)
                    .groups(own)
                    .capset(sets.clear(Flag.EFFECTIVE));
        });
    }
}

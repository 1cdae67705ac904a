package dev.psx.process;

import dev.psx.cap.Capability;
import dev.psx.cap.SecureBits;
import dev.psx.spi.IdSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Who the child is. */
abstract class IdentityOptions<B extends IdentityOptions<B>> extends StreamOptions<B> {

    IdentityOptions(LaunchSpec spec) {
        super(spec);
    }

    /**
     * The child's real, effective, saved and file system user id. Unless it is said otherwise the group is the user's primary one and
     * the supplementary groups are those that a login would set. In a new user namespace the id is one inside. Takes CAP_SETUID and
     * CAP_SETGID, also where the ids are this process's own: then leave it out.
     *
     * <p>Any user but root gets a new session keyring, and no capabilities, nor inheritable ones, unless {@link #ambient} and {@link
     * #inheritable} say so: also where the kernel would leave him what this process has.
     *
     * @param nameOrUid a user name, or digits for a uid from 0 to 4294967294
     * @return this builder
     */
    public B user(String nameOrUid) {
        spec.ids.user = Objects.requireNonNull(nameOrUid, "nameOrUid");
        return self();
    }

    /**
     * The child's user ids, see {@link #user(String)}. A uid that the user database does not know needs the group and the supplementary
     * groups spelled out.
     *
     * @param uid the uid, 0 or more
     * @return this builder
     * @throws IllegalArgumentException if it is negative
     */
    public B user(int uid) {
        return user(id(uid));
    }

    /**
     * The child's real, effective, saved and file system group id.
     *
     * @param nameOrGid a group name, or digits for a gid from 0 to 4294967294
     * @return this builder
     */
    public B group(String nameOrGid) {
        spec.ids.group = Objects.requireNonNull(nameOrGid, "nameOrGid");
        return self();
    }

    /**
     * The child's group ids, see {@link #group(String)}.
     *
     * @param gid the gid, 0 or more
     * @return this builder
     * @throws IllegalArgumentException if it is negative
     */
    public B group(int gid) {
        return group(id(gid));
    }

    /**
     * The child's supplementary groups.
     *
     * @param namesOrGids group names, or digits for gids from 0 to 4294967294
     * @return this builder
     */
    public B groups(String... namesOrGids) {
        spec.ids.groupNames = new ArrayList<>(Arrays.asList(namesOrGids));
        spec.ids.keepGroups = false;
        return self();
    }

    /**
     * The child's supplementary groups.
     *
     * @param gids the gids
     * @return this builder
     * @throws IllegalArgumentException if one is negative
     */
    public B groups(int... gids) {
        List<String> ids = new ArrayList<>();
        for (int gid : gids) {
            ids.add(id(gid));
        }
        return groups(ids.toArray(new String[0]));
    }

    /**
     * Leaves the child no supplementary group. In a new user namespace with a gid map it keeps this process's, which count outside the
     * namespace as before, unless {@link LauncherBuilder#allowSetgroups} is given.
     *
     * @return this builder
     */
    public B noGroups() {
        return groups(new String[0]);
    }

    /**
     * Leaves the child this process's supplementary groups (Go: NoSetGroups). With a change of user these are the groups of whoever
     * started the JVM.
     *
     * @return this builder
     */
    public B keepGroups() {
        spec.ids.groupNames = null;
        spec.ids.keepGroups = true;
        return self();
    }

    /**
     * User, group and supplementary groups in one (Go: Credential).
     *
     * @param uid the user id
     * @param gid the group id
     * @param groups the supplementary groups; without any the child has none
     * @return this builder
     */
    public B credential(int uid, int gid, int... groups) {
        user(uid);
        group(gid);
        return groups(groups);
    }

    /**
     * What the program may do although its user is not root: exactly these capabilities are ambient, and with that inheritable,
     * permitted and effective (Go: AmbientCaps). Without any the ambient set is cleared. They must be permitted here, or the child be in
     * a new user namespace. See capabilities(7).
     *
     * @param capabilities the capabilities
     * @return this builder
     */
    public B ambient(Capability... capabilities) {
        spec.ambient = Capability.mask(capabilities);
        return self();
    }

    /**
     * The inheritable set, to which the ambient ones are added; otherwise as it is here, or empty with another user than root.
     *
     * @param capabilities the capabilities
     * @return this builder
     */
    public B inheritable(Capability... capabilities) {
        spec.inheritable = Capability.mask(capabilities);
        return self();
    }

    /**
     * What the child and all that it starts may have at most: others are dropped from the bounding set, which needs CAP_SETPCAP. This is
     * what limits a child that runs as root.
     *
     * @param capabilities the capabilities that stay
     * @return this builder
     */
    public B bounding(Capability... capabilities) {
        spec.bounding = Capability.mask(capabilities);
        return self();
    }

    /**
     * Exactly these secure bits, which needs CAP_SETPCAP.
     *
     * @param bits the bits; the kernel clears {@code keep_caps} when the program is executed
     * @return this builder
     */
    public B secureBits(SecureBits bits) {
        spec.secureBits = bits.value();
        return self();
    }

    /**
     * Whether no program may give the child or its descendants more rights, see PR_SET_NO_NEW_PRIVS in prctl(2); false leaves it as it
     * is here, also where the agent's options ask for it.
     *
     * @param set whether to set the bit
     * @return this builder
     */
    public B noNewPrivileges(boolean set) {
        spec.noNewPrivileges = set;
        return self();
    }

    private static String id(int id) {
        return Long.toString(IdSet.require(id));
    }
}

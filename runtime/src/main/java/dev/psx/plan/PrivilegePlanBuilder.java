package dev.psx.plan;

import dev.psx.cap.Capability;
import dev.psx.cap.SecureBits;
import dev.psx.drop.DropSpecBuilder;
import dev.psx.drop.RingPolicy;
import dev.psx.spi.Access;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Collects what the process shall become. Not for use by several threads.
 *
 * <p>If a user is given, everything else follows unless it is said otherwise: the group is the user's primary one, the
 * supplementary groups are those that a login would set, no capability is left in any of the five sets, no_new_privs is set, and the
 * session keyring is a fresh one. Without a user what is not mentioned stays as it is, except that no_new_privs is set with a change of
 * group, groups or capabilities.
 *
 * <p>Names and ids are looked up in the system's user database, including LDAP, SSSD and whatever else nsswitch.conf(5) names.
 */
public final class PrivilegePlanBuilder {

    private final DropSpecBuilder spec = new DropSpecBuilder();

    PrivilegePlanBuilder() {}

    /**
     * Changes the real, effective, saved and file system user id.
     *
     * @param nameOrUid a user name, or digits for a uid from 1 to 4294967294
     * @return this builder
     */
    public PrivilegePlanBuilder user(String nameOrUid) {
        spec.user(Objects.requireNonNull(nameOrUid, "nameOrUid"));
        return this;
    }

    /**
     * Changes the real, effective, saved and file system user id. A uid that the user database does not know needs the group
     * and the supplementary groups spelled out.
     *
     * @param uid the uid, 1 or more
     * @return this builder
     */
    public PrivilegePlanBuilder user(int uid) {
        return user(id(uid));
    }

    /**
     * Changes the real, effective, saved and file system group id to another than the user's primary group.
     *
     * @param nameOrGid a group name, or digits for a gid from 0 to 4294967294
     * @return this builder
     */
    public PrivilegePlanBuilder group(String nameOrGid) {
        spec.group(Objects.requireNonNull(nameOrGid, "nameOrGid"));
        return this;
    }

    /**
     * Changes the real, effective, saved and file system group id to another than the user's primary group.
     *
     * @param gid the gid, 0 or more
     * @return this builder
     */
    public PrivilegePlanBuilder group(int gid) {
        return group(id(gid));
    }

    /**
     * Leaves the group ids as they are.
     *
     * @return this builder
     */
    public PrivilegePlanBuilder keepGroup() {
        spec.keepGroup();
        return this;
    }

    /**
     * Sets these supplementary groups instead of the user's own.
     *
     * @param namesOrGids group names, or digits for gids from 0 to 4294967294
     * @return this builder
     */
    public PrivilegePlanBuilder groups(String... namesOrGids) {
        spec.groups(Arrays.asList(namesOrGids));
        return this;
    }

    /**
     * Sets these supplementary groups instead of the user's own.
     *
     * @param gids the gids, each 0 or more
     * @return this builder
     */
    public PrivilegePlanBuilder groups(int... gids) {
        List<String> ids = new ArrayList<>();
        for (int gid : gids) {
            ids.add(id(gid));
        }
        spec.groups(ids);
        return this;
    }

    /**
     * Leaves no supplementary group.
     *
     * @return this builder
     */
    public PrivilegePlanBuilder noGroups() {
        return groups(new int[0]);
    }

    /**
     * Leaves the supplementary groups as they are. With a change of user this leaves the process the groups of whoever
     * started it.
     *
     * @return this builder
     */
    public PrivilegePlanBuilder keepGroups() {
        spec.keepGroups();
        return this;
    }

    /**
     * Keeps these capabilities permitted and effective, and takes all others; also where the user changes. Unless said otherwise,
     * the bounding set becomes the same, and children inherit none.
     *
     * @param capabilities the capabilities, possibly none
     * @return this builder
     */
    public PrivilegePlanBuilder capabilities(Capability... capabilities) {
        return capabilities(Capability.mask(capabilities));
    }

    /**
     * As {@link #capabilities(Capability...)}, with a set as {@link Capability} explains it.
     *
     * @param mask the set
     * @return this builder
     */
    public PrivilegePlanBuilder capabilities(long mask) {
        spec.capabilities(mask);
        return this;
    }

    /**
     * Empties the permitted, effective, inheritable, ambient and bounding sets, see capabilities(7).
     *
     * @return this builder
     */
    public PrivilegePlanBuilder noCapabilities() {
        return capabilities(0);
    }

    /**
     * Leaves what is permitted and effective, and the bounding set, as they are; also where the user changes.
     *
     * @return this builder
     */
    public PrivilegePlanBuilder keepCapabilities() {
        spec.keepCapabilities();
        return this;
    }

    /**
     * Has children inherit these capabilities: the ambient and the inheritable set become the same.
     *
     * @param capabilities some of those that are kept, possibly none; with a user, and nothing said of what is kept, these are
     * @return this builder
     */
    public PrivilegePlanBuilder ambient(Capability... capabilities) {
        return ambient(Capability.mask(capabilities));
    }

    /**
     * As {@link #ambient(Capability...)}, with a set as {@link Capability} explains it.
     *
     * @param mask the set
     * @return this builder
     */
    public PrivilegePlanBuilder ambient(long mask) {
        spec.ambient(mask);
        return this;
    }

    /**
     * Leaves no more than these capabilities to what executing a program can give.
     *
     * @param capabilities the capabilities, possibly none; those that the set lacks already stay out of it
     * @return this builder
     */
    public PrivilegePlanBuilder bounding(Capability... capabilities) {
        return bounding(Capability.mask(capabilities));
    }

    /**
     * As {@link #bounding(Capability...)}, with a set as {@link Capability} explains it.
     *
     * @param mask the set
     * @return this builder
     */
    public PrivilegePlanBuilder bounding(long mask) {
        spec.bounding(mask);
        return this;
    }

    /**
     * Leaves the bounding set as it is.
     *
     * @return this builder
     */
    public PrivilegePlanBuilder keepBounding() {
        spec.keepBounding();
        return this;
    }

    /**
     * Sets the flags that switch off what Linux does for user id 0. A plan for user id 0 needs {@link SecureBits.Bit#NOROOT}.
     *
     * @param bits all of them: those that are not named are cleared
     * @return this builder
     */
    public PrivilegePlanBuilder secureBits(SecureBits bits) {
        spec.secureBits(bits.value());
        return this;
    }

    /**
     * Says whether executing a program shall no longer be able to grant privileges, see PR_SET_NO_NEW_PRIVS in prctl(2).
     *
     * @param set true to set the bit, which nothing can clear again; false to leave it as it is
     * @return this builder
     */
    public PrivilegePlanBuilder noNewPrivileges(boolean set) {
        spec.noNewPrivileges(set);
        return this;
    }

    /**
     * Says whether processes of the same user may trace this one, and whether it leaves core dumps, see PR_SET_DUMPABLE in
     * prctl(2). A change of user clears the flag unless this says otherwise.
     *
     * @param dumpable the flag
     * @return this builder
     */
    public PrivilegePlanBuilder dumpable(boolean dumpable) {
        spec.dumpable(dumpable);
        return this;
    }

    /**
     * Says which permissions new files lack, see umask(2).
     *
     * @param bits 0 to 0777
     * @return this builder
     */
    public PrivilegePlanBuilder umask(int bits) {
        spec.umask(bits);
        return this;
    }

    /**
     * Sets a resource limit.
     *
     * @param resource which
     * @param soft the limit, {@link Resource#INFINITY} for none
     * @param hard how far it can be raised again without privilege; not less than {@code soft}
     * @return this builder
     */
    public PrivilegePlanBuilder limit(Resource resource, long soft, long hard) {
        spec.limit(resource.number(), soft, hard);
        return this;
    }

    /**
     * Changes the root directory, see chroot(2). The working directory becomes the new root, unless there is another. Open
     * directories outside it would be a way out: the plan is refused as long as there are any.
     *
     * @param directory absolute
     * @return this builder
     */
    public PrivilegePlanBuilder rootDirectory(Path directory) {
        spec.root(directory.toString());
        return this;
    }

    /**
     * Changes the working directory; with the rights that are left then.
     *
     * @param directory absolute; below the new root directory, if there is one
     * @return this builder
     */
    public PrivilegePlanBuilder workingDirectory(Path directory) {
        spec.directory(directory.toString());
        return this;
    }

    /**
     * Says whether the process shall have a fresh session keyring; by default if the user changes. Who possesses the old one may
     * use its keys, whatever his user id is.
     *
     * @param fresh false to keep the one that there is
     * @return this builder
     */
    public PrivilegePlanBuilder privateKeyring(boolean fresh) {
        spec.privateKeyring(fresh);
        return this;
    }

    /**
     * Says what becomes of io_uring rings, which may hold credentials of before; by default they forget them.
     *
     * @param policy what to do
     * @return this builder
     */
    public PrivilegePlanBuilder ioUring(IoUring policy) {
        spec.rings(RingPolicy.valueOf(policy.name()));
        return this;
    }

    /**
     * Says whether what a change of user breaks shall be mended where that is safe; by default it is not. The file by which {@code jps}
     * finds this JVM and the socket that {@code jcmd} has made already change hands just before the drop, and back if it fails. After
     * it {@code user.name} and {@code user.home} become the new user's, unless the command line gives them.
     *
     * @param mend whether
     * @return this builder
     */
    public PrivilegePlanBuilder fixUps(boolean mend) {
        spec.fixUps(mend);
        return this;
    }

    /**
     * Resolves the names and returns the plan.
     *
     * @return the plan
     * @throws IllegalArgumentException if a name is unknown, the user has uid 0 and {@code noroot} is not set, a uid without
     *     an entry comes without group or groups, ambient capabilities are not kept, the kernel
     *     lacks one, or nothing is asked for
     * @throws IllegalStateException if there is no engine, or the user database cannot be asked
     * @throws SecurityException if the caller may not broadcast
     */
    public PrivilegePlan build() {
        return new PrivilegePlan(Access.call(spec::build));
    }

    private static String id(int id) {
        if (id < 0) {
            throw new IllegalArgumentException("id " + id + " is negative; give ids above 2147483647 as text");
        }
        return Integer.toString(id);
    }
}

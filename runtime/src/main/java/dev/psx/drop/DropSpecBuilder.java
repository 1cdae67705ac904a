package dev.psx.drop;

import dev.psx.cap.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Internal: what was asked for, before names are resolved and defaults follow. An id is given as its decimal digits, a set of
 * capabilities as its mask. Not for several threads.
 */
public final class DropSpecBuilder {

    private static final int NOROOT = 1;

    private String user;
    private String group;
    private boolean keepGroup;
    private List<String> groups;
    private boolean keepGroups;
    private Long capabilities;
    private boolean keepCapabilities;
    private Long ambient;
    private Long bounding;
    private boolean keepBounding;
    private Boolean noNewPrivileges;
    private Boolean privateKeyring;
    Integer secureBits;
    Boolean dumpable;
    Integer umask;
    final List<Limit> limits = new ArrayList<>();
    String root;
    String directory;
    RingPolicy rings = RingPolicy.FORGET;
    boolean fixUps;

    /** Changes to this user; most other things follow unless said otherwise. */
    public DropSpecBuilder user(String nameOrUid) {
        user = nameOrUid;
        return this;
    }

    /** Changes to this group instead of the user's primary one. */
    public DropSpecBuilder group(String nameOrGid) {
        group = nameOrGid;
        keepGroup = false;
        return this;
    }

    /** Leaves the group ids. */
    public DropSpecBuilder keepGroup() {
        group = null;
        keepGroup = true;
        return this;
    }

    /** Sets these supplementary groups, possibly none, instead of the user's own. */
    public DropSpecBuilder groups(List<String> namesOrGids) {
        groups = new ArrayList<>(namesOrGids);
        keepGroups = false;
        return this;
    }

    /** Leaves the supplementary groups. */
    public DropSpecBuilder keepGroups() {
        groups = null;
        keepGroups = true;
        return this;
    }

    /** The capabilities that shall be permitted and effective; when a user is given, by default the ambient ones alone. */
    public DropSpecBuilder capabilities(long mask) {
        capabilities = mask;
        keepCapabilities = false;
        return this;
    }

    /** Leaves what is permitted and effective, also where the user changes. */
    public DropSpecBuilder keepCapabilities() {
        capabilities = null;
        keepCapabilities = true;
        return this;
    }

    /** The capabilities that children inherit; none by default when a user or capabilities are given. */
    public DropSpecBuilder ambient(long mask) {
        ambient = mask;
        return this;
    }

    /** What executing a program can give at most; by default the same as the capabilities. */
    public DropSpecBuilder bounding(long mask) {
        bounding = mask;
        keepBounding = false;
        return this;
    }

    /** Leaves the bounding set. */
    public DropSpecBuilder keepBounding() {
        bounding = null;
        keepBounding = true;
        return this;
    }

    /** The value as PR_SET_SECUREBITS takes it. */
    public DropSpecBuilder secureBits(int bits) {
        secureBits = bits;
        return this;
    }

    /** Whether no_new_privs shall be set; by default when user, group, groups or capabilities are given. */
    public DropSpecBuilder noNewPrivileges(boolean set) {
        noNewPrivileges = set;
        return this;
    }

    /** Whether the process can be traced by its user and leaves core dumps; otherwise what the kernel makes of it. */
    public DropSpecBuilder dumpable(boolean yes) {
        dumpable = yes;
        return this;
    }

    /** @param bits 0 to 0777 */
    public DropSpecBuilder umask(int bits) {
        if (bits < 0 || bits > 0777) {
            throw new IllegalArgumentException("a umask is 0 to 0777 in octal, not " + Integer.toOctalString(bits));
        }
        umask = bits;
        return this;
    }

    /**
     * @param resource the kernel's number
     * @param soft the limit, as an unsigned number; {@link Limit#INFINITY} for none
     * @param hard likewise, not less
     */
    public DropSpecBuilder limit(int resource, long soft, long hard) {
        Limit limit = new Limit(resource, soft, hard);
        for (int i = limits.size() - 1; i >= 0; i--) {
            if (limits.get(i).resource == resource) {
                limits.remove(i);
            }
        }
        limits.add(limit);
        return this;
    }

    /** @param path absolute */
    public DropSpecBuilder root(String path) {
        root = absolute(path);
        return this;
    }

    /** @param path absolute, below the new root if there is one */
    public DropSpecBuilder directory(String path) {
        directory = absolute(path);
        return this;
    }

    /** Whether a fresh session keyring shall be joined; by default when a user is given. */
    public DropSpecBuilder privateKeyring(boolean fresh) {
        privateKeyring = fresh;
        return this;
    }

    public DropSpecBuilder rings(RingPolicy policy) {
        rings = policy;
        return this;
    }

    /** Whether what a change of user breaks shall be mended where that is safe; without a user there is nothing to mend. */
    public DropSpecBuilder fixUps(boolean mend) {
        fixUps = mend;
        return this;
    }

    private static String absolute(String path) {
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("\"" + path + "\" is no absolute path");
        }
        return path;
    }

    /** With a user none but what children shall inherit: what is ambient must be permitted. */
    Long kept() {
        if (capabilities == null && !keepCapabilities && user != null) {
            return ambient == null ? Long.valueOf(0) : ambient;
        }
        return capabilities;
    }

    /** The kernel empties the set when uid 0 is given up. */
    Long inherited() {
        return ambient == null && (user != null || capabilities != null) ? Long.valueOf(0) : ambient;
    }

    Long bounded() {
        return bounding == null && !keepBounding ? kept() : bounding;
    }

    boolean hasPrivateKeyring() {
        return privateKeyring == null ? user != null : privateKeyring;
    }

    boolean asksForKeyring() {
        return Boolean.TRUE.equals(privateKeyring);
    }

    /**
     * Resolves the names.
     *
     * @throws IllegalArgumentException if a name is unknown, or what is asked for makes no sense
     * @throws IllegalStateException if the user database cannot be asked
     */
    public DropSpec build(Function<Object[], Object> port) {
        requireSense();
        Names names = new Names(port);
        Names.User entry = user == null ? null : names.user(user);
        if (entry != null && entry.uid == 0) {
            requireNoRoot();
        }
        Integer gid = keepGroup ? null : gid(names, entry);
        int[] ids = keepGroups ? null : groups(names, entry);
        boolean restricts = user != null || gid != null || ids != null || capabilities != null;
        boolean restrict = noNewPrivileges == null ? restricts : noNewPrivileges;
        FileId rootFile = root == null ? null : FileId.of(port, root);
        DropSpec spec = new DropSpec(this, entry, gid, ids, rootFile, restrict);
        if (spec.describe().isEmpty()) {
            throw new IllegalArgumentException(
                    "nothing to change: give a user, a group, groups, capabilities, no new privileges or another setting");
        }
        return spec;
    }

    private void requireSense() {
        requireKnown(capabilities);
        requireKnown(ambient);
        requireKnown(bounding);
        if (capabilities != null && ambient != null && (ambient & ~capabilities) != 0) {
            throw new IllegalArgumentException("ambient capabilities must be kept, too: "
                    + CapabilityNames.list(ambient & ~capabilities) + " is not among the capabilities");
        }
        if (ambient != null && bounding != null && (ambient & ~bounding) != 0) {
            throw new IllegalArgumentException(
                    "ambient capabilities must be in the bounding set, too, or the kernel does"
                            + " not let them be inherited: " + CapabilityNames.list(ambient & ~bounding)
                            + " is missing there");
        }
    }

    /** The kernel would leave it out in silence, and only the verification would find that. */
    private static void requireKnown(Long set) {
        long unknown = set == null ? 0 : set & ~Capability.all();
        if (unknown != 0) {
            throw new IllegalArgumentException(
                    CapabilityNames.unknown(Long.numberOfTrailingZeros(unknown)) + ": leave it out of the plan");
        }
    }

    private void requireNoRoot() {
        if (secureBits == null || (secureBits & NOROOT) == 0) {
            throw new IllegalArgumentException("user \"" + user
                    + "\" has uid 0, which gets every capability back by executing a program: name a user without"
                    + " privileges, or set the secure bit noroot");
        }
    }

    private Integer gid(Names names, Names.User entry) {
        if (group != null) {
            return names.group(group);
        }
        return entry == null ? null : entry.primaryGroup();
    }

    private int[] groups(Names names, Names.User entry) {
        if (groups != null) {
            return names.groups(groups);
        }
        return entry == null ? null : entry.loginGroups();
    }
}

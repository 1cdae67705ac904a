package dev.psx.drop;

import dev.psx.Credentials;
import dev.psx.spi.ChildProfile;
import dev.psx.spi.IdSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Internal: a profile of children beside a drop of their parent: what it means, and whether it can be had. */
public final class ChildRules {

    private static final long SETGID = 1L << 6;
    private static final long SETUID = 1L << 7;

    private ChildRules() {}

    /**
     * Resolves the user. One with the uid that the drop changes to means all that the drop makes of the ids: then no child needs a
     * privilege to become it.
     *
     * @param drop null if nothing is dropped
     * @param user a name or digits; null if children have their parent's ids
     * @throws IllegalArgumentException if there is no such user, or it is root
     */
    public static ChildProfile resolve(
            Function<Object[], Object> port, DropSpec drop, String user, Long ambient, boolean noNewPrivileges) {
        if (user == null) {
            return new ChildProfile(null, null, null, null, ambient, noNewPrivileges);
        }
        Names.User entry = new Names(port).user(user);
        if (entry.uid == 0) {
            throw new IllegalArgumentException(
                    "child-user \"" + user
                            + "\" has uid 0, which gets every capability by executing a program: name a user without privileges");
        }
        if (drop != null && drop.uid != null && drop.uid == entry.uid) {
            return new ChildProfile(user, entry.uid, drop.gid, drop.groups(), ambient, noNewPrivileges);
        }
        if (!entry.known()) {
            throw new IllegalArgumentException("uid " + user
                    + " has no entry in the user database, so the groups of such children are not known: name a user that has"
                    + " one, or the user of the drop");
        }
        return new ChildProfile(user, entry.uid, entry.primaryGroup(), entry.loginGroups(), ambient, noNewPrivileges);
    }

    /** Returns one line for each thing that a profile sees to. */
    public static List<String> describe(ChildProfile profile) {
        List<String> lines = new ArrayList<>();
        int[] groups = profile.groups();
        if (groups != null) {
            lines.add("supplementary groups: " + (groups.length == 0 ? "none" : DropSpec.list(groups)));
        }
        if (profile.gid != null) {
            lines.add("group ids: " + Integer.toUnsignedString(profile.gid));
        }
        if (profile.uid != null) {
            String id = Integer.toUnsignedString(profile.uid);
            lines.add("user ids: " + id + (id.equals(profile.user) ? "" : " (" + profile.user + ")"));
        }
        if (profile.ambient != null) {
            lines.add("ambient capabilities: " + CapabilityNames.list(profile.ambient));
        }
        if (profile.noNewPrivileges) {
            lines.add("no_new_privs: set");
        }
        return lines;
    }

    /**
     * Returns why no child can have the profile, or null if nothing speaks against it.
     *
     * @param drop what the process becomes before; null if it stays what it is
     * @param now what it is
     */
    public static String obstacle(ChildProfile profile, DropSpec drop, Credentials now) {
        long kept = drop == null || drop.capabilities == null ? now.permitted() : drop.capabilities;
        String left = drop == null ? "this process has not" : "the drop does not leave";
        long needed = needed(profile, drop, now) & ~kept;
        if (needed != 0) {
            return "no child can become child-user=" + profile.user + ": that takes " + CapabilityNames.list(needed)
                    + ", which " + left + "; "
                    + (drop == null
                            ? "start it with that"
                            : "keep cap_setuid and cap_setgid with caps, or let the drop's own user be child-user");
        }
        long missing = profile.ambient == null ? 0 : profile.ambient & ~kept;
        if (missing != 0) {
            return "no child can have " + CapabilityNames.list(missing) + " of child-ambient, which " + left + "; "
                    + (drop == null ? "start it with that" : "keep it with caps") + ", or leave it out";
        }
        long bounding = drop == null || drop.bounding == null ? now.bounding() : drop.bounding;
        long unbound = profile.ambient == null ? 0 : profile.ambient & ~bounding & ~inheritable(drop, now);
        return unbound == 0
                ? null
                : "no child can have " + CapabilityNames.list(unbound)
                        + " of child-ambient: it is not in the bounding set; name it in bounding";
    }

    private static long inheritable(DropSpec drop, Credentials now) {
        return drop == null || drop.ambient == null ? now.inheritable() : drop.ambient;
    }

    /** The capabilities for the changes of ids that are left to a child. */
    private static long needed(ChildProfile profile, DropSpec drop, Credentials now) {
        long needed = 0;
        if (profile.uid != null
                && !(drop != null && drop.uid != null ? drop.uid.equals(profile.uid) : is(now, profile))) {
            needed |= SETUID;
        }
        int[] groups = drop == null || drop.groups() == null ? now.groups() : drop.groups();
        boolean sameGroups = profile.groups() == null || Arrays.equals(IdSet.of(profile.groups()), IdSet.of(groups));
        boolean sameGroup = profile.gid == null
                || (drop != null && drop.gid != null ? drop.gid.equals(profile.gid) : inGroup(now, profile.gid));
        return sameGroups && sameGroup ? needed : needed | SETGID;
    }

    private static boolean is(Credentials now, ChildProfile profile) {
        return now.realUid() == profile.uid && now.effectiveUid() == profile.uid && now.savedUid() == profile.uid;
    }

    private static boolean inGroup(Credentials now, int gid) {
        return now.realGid() == gid && now.effectiveGid() == gid && now.savedGid() == gid;
    }
}

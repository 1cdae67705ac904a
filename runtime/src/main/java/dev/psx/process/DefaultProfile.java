package dev.psx.process;

import dev.psx.spi.ChildProfile;
import dev.psx.spi.OwnState;
import java.util.function.Function;

/**
 * What the agent's options say about every child, where nobody says anything else about this one. What a child has anyway is not asked for:
 * after a drop no child could ask for groups, not even for its own.
 */
final class DefaultProfile {

    private final ChildProfile profile;
    private final OwnState own;

    DefaultProfile(ChildProfile profile, OwnState own) {
        this.profile = profile;
        this.own = own;
    }

    static boolean exists(Function<Object[], Object> port) {
        return asked(port) != null;
    }

    private static Object[] asked(Function<Object[], Object> port) {
        return (Object[]) port.apply(new Object[] {"child-profile"});
    }

    /** Returns what a launcher's child shall be. */
    static LaunchSpec complete(LaunchSpec said, Function<Object[], Object> port) {
        ChildProfile profile = ChildProfile.decoded(asked(port));
        if (profile.isNone()) {
            return said;
        }
        LaunchSpec complete = said.copy();
        new DefaultProfile(profile, new OwnState(port)).addTo(complete);
        return complete;
    }

    /** Why a child could not be what {@code child-user} says. */
    static String lacks(String user) {
        return "child-user=" + user + " takes cap_setuid and cap_setgid, which this process does not have:"
                + " keep them with caps, or let the drop's own user be child-user";
    }

    /** Ids in a new user namespace mean others, and its capabilities are worth something inside only. */
    void addTo(LaunchSpec spec) {
        boolean sameNamespace = !spec.newNamespace(Namespace.USER);
        if (sameNamespace && profile.uid != null && spec.ids.user == null) {
            addIds(spec.ids);
        }
        if (sameNamespace && spec.ambient == null && profile.ambient != null) {
            addAmbient(spec);
        }
        if (spec.noNewPrivileges == null) {
            spec.noNewPrivileges = profile.noNewPrivileges;
        }
    }

    /** The inheritable set follows, as with a drop. A secure bit may forbid to make ambient what is ambient already. */
    private void addAmbient(LaunchSpec spec) {
        boolean leavesUser = spec.ids.uid != null;
        if (leavesUser || !own.hasAmbient(profile.ambient)) {
            spec.ambient = profile.ambient;
        }
        if (spec.inheritable == null && (leavesUser || own.inheritable() != profile.ambient)) {
            spec.inheritable = profile.ambient;
        }
    }

    /** A launcher may give the group, or the groups, alone. With privilege all is set: an id may only look like the one that is wanted. */
    private void addIds(LaunchSpec.IdChange ids) {
        ids.ofProfile = profile.user;
        if (own.mayChangeUser() || !own.hasUser(profile.uid)) {
            ids.uid = profile.uid;
        }
        if (ids.gid == null && profile.gid != null && (own.mayChangeGroup() || !own.hasGroup(profile.gid))) {
            ids.gid = profile.gid;
        }
        int[] groups = profile.groups();
        boolean silent = ids.groups == null && !ids.keepGroups;
        if (silent && groups != null && (own.mayChangeGroup() || !own.hasGroups(groups))) {
            ids.groups = groups;
        }
    }
}

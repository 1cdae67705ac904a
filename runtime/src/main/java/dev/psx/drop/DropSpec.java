package dev.psx.drop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Internal: the state that a drop shall bring about, with all names resolved. Immutable. */
public final class DropSpec {

    /** Null where the ids or groups shall stay as they are. */
    final Integer uid;

    final Integer gid;
    private final int[] groups;
    final boolean noCapabilities;
    final boolean noNewPrivileges;
    private final String userName;

    private DropSpec(
            Integer uid, Integer gid, int[] groups, boolean noCapabilities, boolean noNewPrivileges, String userName) {
        this.uid = uid;
        this.gid = gid;
        this.groups = groups;
        this.noCapabilities = noCapabilities;
        this.noNewPrivileges = noNewPrivileges;
        this.userName = userName;
    }

    /** Returns the spec in types that cross the port; {@link #decoded} reads it. */
    public Object[] encoded() {
        return new Object[] {uid, gid, groups(), noCapabilities, noNewPrivileges, userName};
    }

    public static DropSpec decoded(Object[] fields) {
        int[] groups = (int[]) fields[2];
        return new DropSpec(
                (Integer) fields[0],
                (Integer) fields[1],
                groups == null ? null : groups.clone(),
                (Boolean) fields[3],
                (Boolean) fields[4],
                (String) fields[5]);
    }

    int[] groups() {
        return groups == null ? null : groups.clone();
    }

    /** Returns one line for each thing that the drop sees to, in the order in which it is done. */
    public List<String> describe() {
        List<String> lines = new ArrayList<>();
        if (groups != null) {
            lines.add("supplementary groups: " + (groups.length == 0 ? "none" : list(groups)));
        }
        if (gid != null) {
            lines.add("group ids (real, effective, saved, file system): " + Integer.toUnsignedString(gid));
        }
        if (uid != null) {
            String name = userName == null ? "" : " (" + userName + ")";
            lines.add("user ids (real, effective, saved, file system): " + Integer.toUnsignedString(uid) + name);
        }
        if (noCapabilities) {
            lines.add("capabilities (permitted, effective, inheritable, ambient, bounding): none");
        }
        if (noNewPrivileges) {
            lines.add("no_new_privs: set");
        }
        return lines;
    }

    static String list(int[] ids) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(text.length() == 0 ? "" : ", ").append(Integer.toUnsignedString(id));
        }
        return text.toString();
    }

    /** What was asked for, before names are resolved. An id is given as its decimal digits. Not for several threads. */
    public static final class Builder {

        private String user;
        private String group;
        private boolean keepGroup;
        private List<String> groups;
        private boolean keepGroups;
        private Boolean noCapabilities;
        private Boolean noNewPrivileges;

        /** Changes to this user; group, groups, capabilities and no_new_privs follow unless said otherwise. */
        public Builder user(String nameOrUid) {
            user = nameOrUid;
            return this;
        }

        /** Changes to this group instead of the user's primary one. */
        public Builder group(String nameOrGid) {
            group = nameOrGid;
            keepGroup = false;
            return this;
        }

        /** Leaves the group ids. */
        public Builder keepGroup() {
            group = null;
            keepGroup = true;
            return this;
        }

        /** Sets these supplementary groups, possibly none, instead of the user's own. */
        public Builder groups(List<String> namesOrGids) {
            groups = new ArrayList<>(namesOrGids);
            keepGroups = false;
            return this;
        }

        /** Leaves the supplementary groups. */
        public Builder keepGroups() {
            groups = null;
            keepGroups = true;
            return this;
        }

        /** Whether all five capability sets shall be empty; by default when a user is given. */
        public Builder noCapabilities(boolean none) {
            noCapabilities = none;
            return this;
        }

        /** Whether no_new_privs shall be set; by default when anything else is asked for. */
        public Builder noNewPrivileges(boolean set) {
            noNewPrivileges = set;
            return this;
        }

        /**
         * Resolves the names.
         *
         * @throws IllegalArgumentException if a name is unknown, or what is asked for makes no sense
         * @throws IllegalStateException if the user database cannot be asked
         */
        public DropSpec build(Function<Object[], Object> port) {
            boolean none = noCapabilities == null ? user != null : noCapabilities;
            if (user != null && !none) {
                throw new IllegalArgumentException(
                        "capabilities cannot be kept together with a change of user: Linux takes them"
                                + " from a process that gives up uid 0; leave out the user or the capabilities");
            }
            Names names = new Names(port);
            Names.User entry = user == null ? null : names.user(user);
            Integer gid = keepGroup ? null : gid(names, entry);
            int[] ids = keepGroups ? null : groups(names, entry);
            boolean changes = user != null || gid != null || ids != null || none;
            boolean restrict = noNewPrivileges == null ? changes : noNewPrivileges;
            if (!changes && !restrict) {
                throw new IllegalArgumentException(
                        "nothing to change: give a user, a group, groups or no new privileges");
            }
            return new DropSpec(
                    entry == null ? null : entry.uid, gid, ids, none, restrict, entry == null ? null : entry.name);
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

    /** Returns what {@link #describe} says in one line. */
    @Override
    public String toString() {
        return String.join("; ", Collections.unmodifiableList(describe()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DropSpec && describe().equals(((DropSpec) other).describe());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(describe().toArray());
    }
}

package dev.psx.spi;

import java.util.Arrays;

/** Internal: what every child shall be that does not say otherwise. Immutable, with all names resolved; null: as the parent. */
public final class ChildProfile {

    /** As the parent in everything. */
    public static final ChildProfile NONE = new ChildProfile(null, null, null, null, null, false);

    /** As it was asked for: a name or digits. */
    public final String user;

    public final Integer uid;
    public final Integer gid;
    private final int[] groups;

    /** A mask. */
    public final Long ambient;

    public final boolean noNewPrivileges;

    public ChildProfile(String user, Integer uid, Integer gid, int[] groups, Long ambient, boolean noNewPrivileges) {
        this.user = user;
        this.uid = uid;
        this.gid = gid;
        this.groups = groups == null ? null : groups.clone();
        this.ambient = ambient;
        this.noNewPrivileges = noNewPrivileges;
    }

    /** Reads what {@link #encoded} has written; null is {@link #NONE}. */
    public static ChildProfile decoded(Object[] fields) {
        return fields == null
                ? NONE
                : new ChildProfile(
                        (String) fields[0],
                        (Integer) fields[1],
                        (Integer) fields[2],
                        (int[]) fields[3],
                        (Long) fields[4],
                        (Boolean) fields[5]);
    }

    /** Returns the profile in types that cross the port. */
    public Object[] encoded() {
        return new Object[] {user, uid, gid, groups(), ambient, noNewPrivileges};
    }

    public int[] groups() {
        return groups == null ? null : groups.clone();
    }

    public boolean isNone() {
        return equals(NONE);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChildProfile && Arrays.deepEquals(encoded(), ((ChildProfile) other).encoded());
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(encoded());
    }
}

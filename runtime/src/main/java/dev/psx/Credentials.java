package dev.psx;

import dev.psx.spi.StatusFile;
import java.util.Arrays;

/**
 * What one task may do: its ids, groups, capability sets and the two restrictions that Linux shows for a task. Immutable.
 *
 * <p>Ids are unsigned 32-bit numbers in an {@code int}; {@link Integer#toUnsignedString(int)} shows those above 2147483647.
 * Capability sets are masks in which bit <i>n</i> is capability number <i>n</i> of capabilities(7).
 *
 * @see Task#credentials()
 */
public final class Credentials {

    private static final int REAL = 0;
    private static final int EFFECTIVE = 1;
    private static final int SAVED = 2;
    private static final int FILE_SYSTEM = 3;

    private final int[] uid;
    private final int[] gid;
    private final int[] groups;
    private final long[] capabilities;
    private final boolean noNewPrivs;
    private final int seccomp;

    private Credentials(StatusFile status) {
        uid = status.uid();
        gid = status.gid();
        groups = status.groups();
        capabilities = new long[] {
            status.capInheritable(),
            status.capPermitted(),
            status.capEffective(),
            status.capBounding(),
            status.capAmbient()
        };
        noNewPrivs = status.noNewPrivs();
        seccomp = status.seccomp();
    }

    /**
     * Reads the credentials out of a status file.
     *
     * @param status the text of {@code /proc/PID/task/TID/status}, see proc(5)
     * @return the credentials
     * @throws IllegalArgumentException if the text is no status file
     */
    public static Credentials parse(String status) {
        return new Credentials(StatusFile.parse(status));
    }

    /**
     * Returns the user who started the task, see credentials(7).
     *
     * @return the real user id
     */
    public int realUid() {
        return uid[REAL];
    }

    /**
     * Returns the user whose rights count, see credentials(7).
     *
     * @return the effective user id
     */
    public int effectiveUid() {
        return uid[EFFECTIVE];
    }

    /**
     * Returns the user the task may become again, see credentials(7).
     *
     * @return the saved user id
     */
    public int savedUid() {
        return uid[SAVED];
    }

    /**
     * Returns the user whose rights count for files, see setfsuid(2).
     *
     * @return the file system user id, nearly always the effective one
     */
    public int fileSystemUid() {
        return uid[FILE_SYSTEM];
    }

    /**
     * Returns the group of the user who started the task, see credentials(7).
     *
     * @return the real group id
     */
    public int realGid() {
        return gid[REAL];
    }

    /**
     * Returns the group whose rights count, see credentials(7).
     *
     * @return the effective group id
     */
    public int effectiveGid() {
        return gid[EFFECTIVE];
    }

    /**
     * Returns the group the task may take again, see credentials(7).
     *
     * @return the saved group id
     */
    public int savedGid() {
        return gid[SAVED];
    }

    /**
     * Returns the group whose rights count for files, see setfsgid(2).
     *
     * @return the file system group id, nearly always the effective one
     */
    public int fileSystemGid() {
        return gid[FILE_SYSTEM];
    }

    /**
     * Returns the supplementary groups, see getgroups(2).
     *
     * @return a new array: each group once, in unsigned order; empty if there are none
     */
    public int[] groups() {
        return groups.clone();
    }

    /**
     * Returns the capabilities that a program with file capabilities may inherit.
     *
     * @return the inheritable set, see capabilities(7)
     */
    public long inheritable() {
        return capabilities[0];
    }

    /**
     * Returns the capabilities that the task may make effective.
     *
     * @return the permitted set, see capabilities(7)
     */
    public long permitted() {
        return capabilities[1];
    }

    /**
     * Returns the capabilities that the kernel checks.
     *
     * @return the effective set, see capabilities(7)
     */
    public long effective() {
        return capabilities[2];
    }

    /**
     * Returns the capabilities that the task can still gain by executing a program.
     *
     * @return the bounding set, see capabilities(7)
     */
    public long bounding() {
        return capabilities[3];
    }

    /**
     * Returns the capabilities that every executed program keeps.
     *
     * @return the ambient set, see capabilities(7)
     */
    public long ambient() {
        return capabilities[4];
    }

    /**
     * Tells whether executing a program can no longer grant privileges.
     *
     * @return the no_new_privs bit, see PR_SET_NO_NEW_PRIVS in prctl(2)
     */
    public boolean noNewPrivs() {
        return noNewPrivs;
    }

    /**
     * Tells whether the task's system calls are filtered, see seccomp(2).
     *
     * @return 0 off, 1 strict, 2 filter
     */
    public int seccomp() {
        return seccomp;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Credentials)) {
            return false;
        }
        Credentials that = (Credentials) other;
        return Arrays.equals(uid, that.uid)
                && Arrays.equals(gid, that.gid)
                && Arrays.equals(groups, that.groups)
                && Arrays.equals(capabilities, that.capabilities)
                && noNewPrivs == that.noNewPrivs
                && seccomp == that.seccomp;
    }

    @Override
    public int hashCode() {
        int ids = Arrays.hashCode(uid) * 31 + Arrays.hashCode(gid);
        int rest = Arrays.hashCode(groups) * 31 + Arrays.hashCode(capabilities);
        return (ids * 31 + rest) * 31 + seccomp * 2 + (noNewPrivs ? 1 : 0);
    }

    /** Returns all of it in one line: ids as {@code real,effective,saved,file system}, capability sets in hexadecimal. */
    @Override
    public String toString() {
        return "uid=" + list(uid) + " gid=" + list(gid) + " groups=" + (groups.length == 0 ? "none" : list(groups))
                + " inheritable=" + hex(inheritable()) + " permitted=" + hex(permitted()) + " effective="
                + hex(effective())
                + " bounding=" + hex(bounding()) + " ambient=" + hex(ambient()) + " no_new_privs="
                + (noNewPrivs ? 1 : 0)
                + " seccomp=" + seccomp;
    }

    private static String list(int[] ids) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(text.length() == 0 ? "" : ",").append(Integer.toUnsignedString(id));
        }
        return text.toString();
    }

    private static String hex(long set) {
        return Long.toHexString(set);
    }
}

package dev.psx;

import dev.psx.spi.IdSet;

/**
 * The calls that change user and group ids, with the meaning POSIX gives them: they hold for the whole process, that is, for every
 * task of it. What is promised for each is said at {@link Psx}.
 *
 * <p>Ids are 0 to 2147483647; {@link dev.psx.plan.PrivilegePlan} takes larger ones too. Where Linux understands -1 as "leave
 * unchanged" it is accepted. Every other negative id is refused with IllegalArgumentException before anything is done.
 *
 * <p>Each method throws:
 *
 * <ul>
 *   <li>{@link ErrnoException} if the call fails: EPERM without the capability, EINVAL for an id that this user namespace does not
 *       map; nothing has changed
 *   <li>{@link UnreachableException} if some task could not be gathered: nothing has changed
 *   <li>{@link DivergenceException} if some task had another result and the policy says so, see {@link Psx#onDivergence}
 *   <li>IllegalStateException if there is no engine, SecurityException if the caller may not broadcast
 * </ul>
 */
public final class Posix {

    private static final int UNCHANGED = -1;

    private Posix() {}

    /**
     * Sets the effective user id, and for a privileged process also the real and the saved one. See setuid(2).
     *
     * @param uid the user id
     */
    public static void setuid(int uid) {
        run("setuid", IdSet.require(uid));
    }

    /**
     * Sets the effective user id. See seteuid(2).
     *
     * @param euid the effective user id
     */
    public static void seteuid(int euid) {
        run("setresuid", UNCHANGED, IdSet.require(euid), UNCHANGED);
    }

    /**
     * Sets the effective group id, and for a privileged process also the real and the saved one. See setgid(2).
     *
     * @param gid the group id
     */
    public static void setgid(int gid) {
        run("setgid", IdSet.require(gid));
    }

    /**
     * Sets the effective group id. See setegid(2).
     *
     * @param egid the effective group id
     */
    public static void setegid(int egid) {
        run("setresgid", UNCHANGED, IdSet.require(egid), UNCHANGED);
    }

    /**
     * Sets the real and the effective user id; the saved one becomes the effective one if the real one is set, or the effective
     * one becomes another than the real one was. See setreuid(2).
     *
     * @param ruid the real user id, or -1 to leave it
     * @param euid the effective user id, or -1 to leave it
     */
    public static void setreuid(int ruid, int euid) {
        run("setreuid", optional(ruid), optional(euid));
    }

    /**
     * Sets the real and the effective group id; the saved one becomes the effective one if the real one is set, or the effective
     * one becomes another than the real one was. See setregid(2).
     *
     * @param rgid the real group id, or -1 to leave it
     * @param egid the effective group id, or -1 to leave it
     */
    public static void setregid(int rgid, int egid) {
        run("setregid", optional(rgid), optional(egid));
    }

    /**
     * Sets the real, the effective and the saved user id. See setresuid(2).
     *
     * @param ruid the real user id, or -1 to leave it
     * @param euid the effective user id, or -1 to leave it
     * @param suid the saved user id, or -1 to leave it
     */
    public static void setresuid(int ruid, int euid, int suid) {
        run("setresuid", optional(ruid), optional(euid), optional(suid));
    }

    /**
     * Sets the real, the effective and the saved group id. See setresgid(2).
     *
     * @param rgid the real group id, or -1 to leave it
     * @param egid the effective group id, or -1 to leave it
     * @param sgid the saved group id, or -1 to leave it
     */
    public static void setresgid(int rgid, int egid, int sgid) {
        run("setresgid", optional(rgid), optional(egid), optional(sgid));
    }

    /**
     * Sets the supplementary groups. See setgroups(2).
     *
     * @param gids the group ids, at most 65536; none clears the list
     */
    public static void setgroups(int... gids) {
        int[] own = gids.clone();
        for (int gid : own) {
            IdSet.require(gid);
        }
        Psx.groups(own);
    }

    private static void run(String call, long... ids) {
        Psx.ids(call, ids);
    }

    private static long optional(int id) {
        return id == UNCHANGED ? id : IdSet.require(id);
    }
}

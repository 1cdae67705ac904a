package dev.psx.engine;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import dev.psx.spi.Errno;
import java.util.Arrays;

/**
 * The system's users and groups, asked through libc: it knows every source that nsswitch.conf names, such as LDAP and SSSD.
 *
 * <p>A string of digits is an id and never a name, as in systemd.
 */
final class UserDatabase {

    private static final int ENOENT = 2;
    private static final int ESRCH = 3;
    private static final int EINTR = 4;
    private static final int ERANGE = 34;

    /** The id -1 means "unchanged" to the kernel and is nobody's. */
    private static final long LARGEST_ID = 0xFFFF_FFFEL;

    // struct passwd {char *name, *passwd; uid_t uid; gid_t gid; …} and struct group {char *name, *passwd; gid_t gid;
    // …},
    // the same in glibc and musl with 64-bit pointers
    private static final int NAME = 0;
    private static final int ID = 16;
    private static final int PRIMARY_GROUP = 20;
    private static final int HOME = 32;
    private static final int RECORD_SIZE = 64;

    private static final int FIRST_BUFFER = 4096;
    private static final int LARGEST_BUFFER = 1 << 24;
    private static final int LARGEST_GROUPS = 1 << 16; // the kernel's NGROUPS_MAX

    private final Libc libc;

    UserDatabase(Libc libc) {
        this.libc = libc;
    }

    /**
     * Answers the request "user": name, uid, primary group all groups as login would set them, and home directory; all but the
     * uid are null for an id without an entry. Returns null for an unknown name.
     *
     * @throws IllegalStateException if the database could not be asked
     */
    Object[] user(String nameOrId) {
        Integer id = id(nameOrId);
        if (id == null && isDigits(nameOrId)) {
            return null;
        }
        Entry entry = id == null
                ? find("getpwnam_r", nameOrId, NativeText.zeroTerminated(nameOrId))
                : find("getpwuid_r", nameOrId, id);
        if (entry == null) {
            return id == null ? null : new Object[] {null, id, null, null, null};
        }
        int[] groups = groups(entry.name, entry.primaryGroup);
        return new Object[] {entry.name, entry.id, entry.primaryGroup, groups, entry.home};
    }

    /** Answers the request "group": its id, or null for an unknown name. */
    Integer group(String nameOrId) {
        if (isDigits(nameOrId)) {
            return id(nameOrId);
        }
        Entry entry = find("getgrnam_r", nameOrId, NativeText.zeroTerminated(nameOrId));
        return entry == null ? null : (Integer) entry.id;
    }

    /** Calls one of the functions that look up a record, with ever larger buffers. */
    private Entry find(String function, String shown, Object key) {
        Function lookUp = libc.function(function);
        for (int size = FIRST_BUFFER; ; size *= 2) {
            try (NativeMemory record = new NativeMemory(RECORD_SIZE);
                    NativeMemory buffer = new NativeMemory(size)) {
                long[] result = {0};
                int error =
                        lookUp.invokeInt(new Object[] {key, record.pointer(), buffer.pointer(), (long) size, result});
                if (error == 0 || error == ENOENT || error == ESRCH) {
                    return result[0] == 0 ? null : new Entry(record.pointer(), function.startsWith("getpw"));
                }
                if ((error != ERANGE && error != EINTR) || size >= LARGEST_BUFFER) {
                    throw new IllegalStateException("the user database cannot be asked for " + shown + ": " + function
                            + " gave " + Errno.name(error) + " (" + Errno.describe(error) + ")");
                }
            }
        }
    }

    private int[] groups(String user, int gid) {
        Function list = libc.function("getgrouplist");
        byte[] name = NativeText.zeroTerminated(user);
        int[] count = {64};
        while (true) {
            int[] groups = new int[count[0]];
            if (list.invokeInt(new Object[] {name, gid, groups, count}) >= 0) {
                return Arrays.copyOf(groups, count[0]);
            }
            // glibc and musl say how many there are; others, and a database that grows meanwhile, need another try
            count[0] = Math.max(count[0], groups.length * 2);
            if (groups.length > LARGEST_GROUPS) {
                throw new IllegalStateException("user " + user + " is in more than " + LARGEST_GROUPS + " groups");
            }
        }
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Returns the id that the text spells, or null if it is a name or no valid id. */
    private static Integer id(String text) {
        if (!isDigits(text) || text.length() > 10) {
            return null;
        }
        long id = Long.parseLong(text);
        return id > LARGEST_ID ? null : Integer.valueOf((int) id);
    }

    /** A user, or a group, which has neither primary group nor home. */
    private static final class Entry {

        final String name;
        final int id;
        final int primaryGroup;
        final String home;

        Entry(Pointer record, boolean user) {
            name = NativeText.read(record.getPointer(NAME));
            id = record.getInt(ID);
            primaryGroup = record.getInt(PRIMARY_GROUP);
            home = user ? NativeText.read(record.getPointer(HOME)) : null;
        }
    }
}

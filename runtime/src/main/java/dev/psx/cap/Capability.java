package dev.psx.cap;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The capabilities of Linux, see capabilities(7). The constants are in the order of the kernel's numbers.
 *
 * <p>A kernel may know more capabilities than this enum, and has 64 places for them. So sets are masks, numbers in which bit
 * <i>n</i> is capability number <i>n</i>, as in {@link dev.psx.Credentials}: no bit is lost because it has no name here.
 */
public enum Capability {
    /** Change owner and group of any file. */
    CHOWN,

    /** Read, write and execute files whatever their permissions say. */
    DAC_OVERRIDE,

    /** Read files and search directories whatever their permissions say. */
    DAC_READ_SEARCH,

    /** Do with any file what its owner may do. */
    FOWNER,

    /** Keep set-user-ID and set-group-ID bits when a file is modified. */
    FSETID,

    /** Send signals to any process. */
    KILL,

    /** Change group ids and supplementary groups at will. */
    SETGID,

    /** Change user ids at will. */
    SETUID,

    /** Extend the inheritable set from the bounding set, shrink the bounding set, change securebits. */
    SETPCAP,

    /** Change the immutable and append-only attributes of files. */
    LINUX_IMMUTABLE,

    /** Bind ports below 1024. */
    NET_BIND_SERVICE,

    /** Broadcast, and listen to multicasts; not used by the kernel. */
    NET_BROADCAST,

    /** Administer networks: interfaces, routes, firewalls. */
    NET_ADMIN,

    /** Use raw and packet sockets. */
    NET_RAW,

    /** Lock memory, and use huge pages. */
    IPC_LOCK,

    /** Use System V IPC objects whatever their permissions say. */
    IPC_OWNER,

    /** Load and unload kernel modules. */
    SYS_MODULE,

    /** Access ports and devices directly. */
    SYS_RAWIO,

    /** Use chroot(2), and change mount namespaces. */
    SYS_CHROOT,

    /** Trace any process, and read what belongs to it. */
    SYS_PTRACE,

    /** Switch process accounting on and off. */
    SYS_PACCT,

    /** Many acts of administration, such as mounting; little less than root. */
    SYS_ADMIN,

    /** Reboot, and load a new kernel. */
    SYS_BOOT,

    /** Raise priorities, and set scheduling and affinity of any process. */
    SYS_NICE,

    /** Exceed limits and quotas. */
    SYS_RESOURCE,

    /** Set the clocks. */
    SYS_TIME,

    /** Configure terminals, and hang them up. */
    SYS_TTY_CONFIG,

    /** Create device files. */
    MKNOD,

    /** Take leases on any file. */
    LEASE,

    /** Write to the kernel's audit log. */
    AUDIT_WRITE,

    /** Configure auditing. */
    AUDIT_CONTROL,

    /** Set capabilities of files, and map uid 0 in a new user namespace. */
    SETFCAP,

    /** Override mandatory access control (Smack). */
    MAC_OVERRIDE,

    /** Configure mandatory access control (Smack). */
    MAC_ADMIN,

    /** Read and clear the kernel's log, and see its addresses. */
    SYSLOG,

    /** Wake the system up by a timer. */
    WAKE_ALARM,

    /** Keep the system from suspending. */
    BLOCK_SUSPEND,

    /** Read the audit log by multicast. */
    AUDIT_READ,

    /** Monitor performance. */
    PERFMON,

    /** Use privileged operations of bpf(2). */
    BPF,

    /** Checkpoint and restore processes. */
    CHECKPOINT_RESTORE;

    /** How many capabilities a set has place for, known or not. */
    static final int PLACES = Long.SIZE;

    private static final Capability[] ALL = values();

    private final String text = "cap_" + name().toLowerCase(Locale.ROOT);

    /**
     * Returns the kernel's number.
     *
     * @return the number, from 0, as in {@code linux/capability.h}
     */
    public int number() {
        return ordinal();
    }

    /**
     * Returns the set that has this capability alone.
     *
     * @return the mask
     */
    public long mask() {
        return 1L << ordinal();
    }

    /**
     * Returns the name without prefix, as setpriv(1) and systemd's messages show it.
     *
     * @return the name, such as {@code net_bind_service}
     */
    public String shortName() {
        return text.substring("cap_".length());
    }

    /**
     * Returns the name as libcap prints it, see cap_to_name(3).
     *
     * @return the name, such as {@code cap_net_bind_service}
     */
    @Override
    public String toString() {
        return text;
    }

    /**
     * Tells whether the running kernel knows this capability.
     *
     * @return false on a kernel that is too old for it
     */
    public boolean isSupported() {
        return number() < count();
    }

    /**
     * Finds a capability by its name or number.
     *
     * @param name the name with or without {@code cap_}, in upper or lower case, or the number as {@link #number(String)} reads
     *     it
     * @return the capability
     * @throws CapabilityTextException if there is none of that name in this enum
     */
    public static Capability of(String name) {
        int number = number(name);
        if (number >= ALL.length) {
            throw new CapabilityTextException(name, 0, "capability " + number + " has no name here; use its mask");
        }
        return ALL[number];
    }

    /**
     * Finds the number of a capability, as cap_from_name(3) does. Unlike that function it also takes names without prefix, and
     * refuses text behind the name.
     *
     * @param name the name with or without {@code cap_}, in upper or lower case, or a number from 0 to 63, hexadecimal behind
     *     {@code 0x} and octal behind {@code 0} as in C
     * @return the number
     * @throws CapabilityTextException if that is no capability
     */
    public static int number(String name) {
        TextCursor cursor = new TextCursor(name);
        int number = cursor.capability(true);
        cursor.requireEnd();
        return number;
    }

    /**
     * Returns the name of a capability by its number, as cap_to_name(3) does.
     *
     * @param number the number, 0 to 63
     * @return the name with prefix, or the number in decimal if it has no name here
     * @throws IllegalArgumentException if no capability can have that number
     */
    public static String name(int number) {
        if (number < 0 || number >= PLACES) {
            throw new IllegalArgumentException("a capability's number is 0 to " + (PLACES - 1) + ", not " + number);
        }
        return number < ALL.length ? ALL[number].text : Integer.toString(number);
    }

    /**
     * Returns the set of some capabilities.
     *
     * @param capabilities the members, possibly none
     * @return the mask
     */
    public static long mask(Capability... capabilities) {
        long mask = 0;
        for (Capability capability : capabilities) {
            mask |= capability.mask();
        }
        return mask;
    }

    /**
     * Returns the members of a set that have a name here.
     *
     * @param mask the set
     * @return the members, unmodifiable, in the order of their numbers; bits without a constant are left out
     */
    public static Set<Capability> in(long mask) {
        EnumSet<Capability> members = EnumSet.noneOf(Capability.class);
        for (Capability capability : ALL) {
            if ((mask & capability.mask()) != 0) {
                members.add(capability);
            }
        }
        return Collections.unmodifiableSet(members);
    }

    /**
     * Shows a set as capsh(1) does: names joined by commas, numbers for those without a name.
     *
     * @param mask the set
     * @return the list, such as {@code cap_chown,cap_kill,45}; empty for the empty set
     */
    public static String list(long mask) {
        StringBuilder text = new StringBuilder();
        for (int number = 0; number < PLACES; number++) {
            if ((mask >>> number & 1) != 0) {
                text.append(text.length() == 0 ? "" : ",").append(name(number));
            }
        }
        return text.toString();
    }

    /**
     * Reads a set: the inverse of {@link #list}.
     *
     * @param list names or numbers as {@link #number(String)} takes them, joined by commas; empty for the empty set
     * @return the mask
     * @throws CapabilityTextException if some word is no capability
     */
    public static long parseList(String list) {
        TextCursor cursor = new TextCursor(list);
        long mask = 0;
        if (!cursor.atEnd()) {
            do {
                mask |= 1L << cursor.capability(true);
            } while (cursor.take(','));
            cursor.requireEnd();
        }
        return mask;
    }

    /**
     * Returns how many capabilities the running kernel knows, as cap_max_bits(3) does. Text forms depend on it: {@code all}
     * means those that the kernel knows.
     *
     * @return the number of the last one plus 1, see {@code /proc/sys/kernel/cap_last_cap}; where that cannot be read, the size
     *     of this enum
     */
    public static int count() {
        return KernelLimit.COUNT;
    }

    /**
     * Returns the capabilities that the running kernel knows.
     *
     * @return the mask with the lowest {@link #count()} bits
     */
    public static long all() {
        return below(count());
    }

    /** Returns the mask of the numbers below this one. */
    static long below(int count) {
        return count >= PLACES ? -1 : (1L << count) - 1;
    }
}

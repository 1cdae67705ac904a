package dev.psx.drop;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Internal: one resource limit, see prlimit(2). Immutable. */
public final class Limit {

    /** No limit: RLIM_INFINITY. */
    public static final long INFINITY = -1;

    /** In the order of the kernel's numbers, which are the same on both architectures. */
    private static final String NAMES =
            "cpu fsize data stack core rss nproc nofile memlock as locks sigpending msgqueue nice rtprio rttime";

    final int resource;
    final long soft;
    final long hard;

    Limit(int resource, long soft, long hard) {
        name(resource);
        if (Long.compareUnsigned(soft, hard) > 0) {
            throw new IllegalArgumentException("limit " + name(resource) + ": the soft limit " + text(soft)
                    + " is above the hard limit " + text(hard));
        }
        this.resource = resource;
        this.soft = soft;
        this.hard = hard;
    }

    /**
     * Returns the kernel's number of a resource.
     *
     * @param name such as {@code nofile}, in lower case
     * @return -1 for an unknown name
     */
    public static int resource(String name) {
        String[] names = NAMES.split(" ");
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns all names, separated by spaces, in the order of the kernel's numbers. */
    public static String names() {
        return NAMES;
    }

    static String name(int resource) {
        String[] names = NAMES.split(" ");
        if (resource < 0 || resource >= names.length) {
            throw new IllegalArgumentException("there is no resource limit with the number " + resource);
        }
        return names[resource];
    }

    static long[] encoded(Limit[] limits) {
        long[] words = new long[limits.length * 3];
        for (int i = 0; i < limits.length; i++) {
            words[3 * i] = limits[i].resource;
            words[3 * i + 1] = limits[i].soft;
            words[3 * i + 2] = limits[i].hard;
        }
        return words;
    }

    static Limit[] decoded(long[] words) {
        Limit[] limits = new Limit[words.length / 3];
        for (int i = 0; i < limits.length; i++) {
            limits[i] = new Limit((int) words[3 * i], words[3 * i + 1], words[3 * i + 2]);
        }
        return limits;
    }

    /** struct rlimit64. */
    byte[] bytes() {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(soft)
                .putLong(hard)
                .array();
    }

    boolean is(byte[] rlimit) {
        ByteBuffer words = ByteBuffer.wrap(rlimit).order(ByteOrder.nativeOrder());
        return words.getLong(0) == soft && words.getLong(Long.BYTES) == hard;
    }

    String shown() {
        return "RLIMIT_" + name(resource).toUpperCase(java.util.Locale.ROOT) + ", " + text(soft) + ":" + text(hard);
    }

    private static String text(long value) {
        return value == INFINITY ? "infinity" : Long.toUnsignedString(value);
    }

    @Override
    public String toString() {
        return name(resource) + ": " + text(soft) + ":" + text(hard);
    }
}

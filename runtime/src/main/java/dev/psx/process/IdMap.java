package dev.psx.process;

import java.util.List;
import java.util.Objects;

/**
 * One range of a user namespace's map: ids inside the namespace and the ids outside that they stand for, see user_namespaces(7).
 * Immutable.
 */
public final class IdMap {

    private static final long LARGEST_ID = 0xFFFF_FFFEL;

    private final long inside;
    private final long outside;
    private final long size;

    private IdMap(long inside, long outside, long size) {
        this.inside = inside;
        this.outside = outside;
        this.size = size;
    }

    /**
     * Maps {@code size} ids from {@code inside} on to those from {@code outside} on.
     *
     * @param inside the first id in the new namespace (Go: ContainerID), 0 to 4294967294
     * @param outside the first id in this process's namespace (Go: HostID), 0 to 4294967294
     * @param size how many ids, 1 or more; neither range may go beyond 4294967294
     * @return the range
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static IdMap of(long inside, long outside, long size) {
        if (inside < 0 || outside < 0 || size < 1 || size > LARGEST_ID + 1 - Math.max(inside, outside)) {
            throw new IllegalArgumentException("the id map " + inside + " " + outside + " " + size
                    + " is none: ids go from 0 to 4294967294, and a range has at least one");
        }
        return new IdMap(inside, outside, size);
    }

    /**
     * Returns the first id in the new namespace.
     *
     * @return 0 to 4294967294
     */
    public long inside() {
        return inside;
    }

    /**
     * Returns the first id in this process's namespace.
     *
     * @return 0 to 4294967294
     */
    public long outside() {
        return outside;
    }

    /**
     * Returns how many ids are mapped.
     *
     * @return 1 or more
     */
    public long size() {
        return size;
    }

    /** Returns what is written to the map's file. The kernel refuses ranges that overlap, with an error that does not say why. */
    static String text(List<IdMap> ranges, String what) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ranges.size(); i++) {
            for (int j = 0; j < i; j++) {
                ranges.get(i).requireApart(ranges.get(j), what);
            }
            text.append(ranges.get(i)).append('\n');
        }
        return text.toString();
    }

    private void requireApart(IdMap other, String what) {
        if (overlap(inside, size, other.inside, other.size) || overlap(outside, size, other.outside, other.size)) {
            throw new IllegalArgumentException(
                    "the ranges \"" + other + "\" and \"" + this + "\" of the " + what + " map overlap");
        }
    }

    private static boolean overlap(long a, long sizeOfA, long b, long sizeOfB) {
        return a < b + sizeOfB && b < a + sizeOfA;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdMap
                && inside == ((IdMap) other).inside
                && outside == ((IdMap) other).outside
                && size == ((IdMap) other).size;
    }

    @Override
    public int hashCode() {
        return Objects.hash(inside, outside, size);
    }

    /**
     * Returns the range as the kernel writes it.
     *
     * @return the three numbers, such as {@code 0 1000 1}
     */
    @Override
    public String toString() {
        return inside + " " + outside + " " + size;
    }
}

package dev.psx.spi;

import java.util.Arrays;

/**
 * Internal: sets of user or group ids, which are unsigned numbers in an int. Without streams: this is on the way of a drop that
 * happens before main, where the first lambda costs more than the drop.
 */
public final class IdSet {

    private IdSet() {}

    /**
     * Returns the id, for methods that take no unsigned ones.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public static long require(int id) {
        if (id < 0) {
            throw new IllegalArgumentException("id " + id + " is negative; an id is 0 to " + Integer.MAX_VALUE);
        }
        return id;
    }

    /** Returns the ids, each once, in unsigned order: equal sets are equal arrays. */
    public static int[] of(int... ids) {
        int[] sorted = ids.clone();
        flip(sorted);
        Arrays.sort(sorted);
        int size = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                sorted[size++] = sorted[i];
            }
        }
        int[] set = Arrays.copyOf(sorted, size);
        flip(set);
        return set;
    }

    /** Turns the order of unsigned numbers into that of signed ones, and back. */
    private static void flip(int[] ids) {
        for (int i = 0; i < ids.length; i++) {
            ids[i] ^= Integer.MIN_VALUE;
        }
    }
}

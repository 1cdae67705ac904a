package dev.psx.engine;

import com.sun.jna.Pointer;
import java.util.Arrays;

/**
 * Offsets in HotSpot's own objects, from the table that it exports for debuggers. A JVM without that table is not HotSpot; all
 * offsets are then unknown.
 */
final class HotSpot {

    /** What the engine takes for an offset that is not known. */
    static final long UNKNOWN = -1;

    private static final String LIBRARY = "libjvm.so";
    private static final String PREFIX = "gHotSpotVMStruct";

    private final Libc libc;

    HotSpot(Libc libc) {
        this.libc = libc;
    }

    /** Returns the offsets of these fields, each given as {@code Type::field}. */
    long[] offsets(String... fields) {
        long[] found = new long[fields.length];
        Arrays.fill(found, UNKNOWN);
        Pointer table = libc.symbol(LIBRARY, PREFIX + "s");
        if (table != null) {
            Columns columns = new Columns(libc);
            int missing = fields.length;
            Pointer entry = table.getPointer(0);
            while (missing > 0 && entry.getPointer(columns.typeName) != null) {
                int index = columns.indexOf(entry, fields);
                if (index >= 0 && found[index] == UNKNOWN) {
                    found[index] = entry.getLong(columns.offset);
                    missing--;
                }
                entry = entry.share(columns.stride);
            }
        }
        return found;
    }

    /** Where an entry of the table keeps what. */
    private static final class Columns {

        final long typeName;
        final long fieldName;
        final long offset;
        final long stride;

        Columns(Libc libc) {
            typeName = value(libc, "EntryTypeNameOffset");
            fieldName = value(libc, "EntryFieldNameOffset");
            offset = value(libc, "EntryOffsetOffset");
            stride = value(libc, "EntryArrayStride");
        }

        private static long value(Libc libc, String name) {
            return libc.symbol(LIBRARY, PREFIX + name).getLong(0);
        }

        int indexOf(Pointer entry, String[] fields) {
            for (int i = 0; i < fields.length; i++) {
                int colons = fields[i].indexOf("::");
                if (equal(entry.getPointer(typeName), fields[i], 0, colons)
                        && equal(entry.getPointer(fieldName), fields[i], colons + 2, fields[i].length())) {
                    return i;
                }
            }
            return -1;
        }

        /** Whether a C string is this part of the text. The first character tells nearly all apart. */
        private static boolean equal(Pointer string, String text, int from, int to) {
            for (int i = from; i < to; i++) {
                if (string.getByte(i - from) != text.charAt(i)) {
                    return false;
                }
            }
            return string.getByte(to - from) == 0;
        }
    }
}

package dev.psx.engine;

import com.sun.jna.Pointer;

/** The engine's {@code struct psx_report}, and its form in the port. */
final class Report {

    private static final int DONE = 0;
    private static final int UNREACHABLE = 2;
    private static final int DIVERGED = 3;
    private static final int PENDING = 2;

    private static final int HEADER_SIZE = 40;
    private static final int ENTRY_SIZE = 32;
    private static final int ENTRY_WORDS = 6;

    /** As many tasks as the engine has slots. The kernel gives memory only for those that are written. */
    private static final int CAPACITY = 131_072;

    private NativeMemory memory;

    /** Returns an empty report for the engine to fill in. It lives as long as the engine. */
    Pointer prepare() {
        if (memory == null) {
            memory = new NativeMemory(HEADER_SIZE + (long) CAPACITY * ENTRY_SIZE);
        }
        memory.pointer().setMemory(0, HEADER_SIZE, (byte) 0);
        memory.pointer().setInt(32, CAPACITY);
        return memory.pointer();
    }

    /** Status, call, result, tasks, attempts, pause in nanoseconds. */
    long[] header() {
        Pointer p = memory.pointer();
        return new long[] {
            p.getInt(0),
            p.getInt(4),
            p.getLong(8),
            Integer.toUnsignedLong(p.getInt(16)),
            Integer.toUnsignedLong(p.getInt(20)),
            p.getLong(24)
        };
    }

    /** Per task: tid, outcome, call, reason, result, detail. */
    long[] entries() {
        int count = memory.pointer().getInt(36);
        int[] words = memory.pointer().getIntArray(HEADER_SIZE, count * ENTRY_SIZE / Integer.BYTES);
        long[] entries = new long[count * ENTRY_WORDS];
        for (int i = 0; i < count; i++) {
            int from = i * ENTRY_SIZE / Integer.BYTES;
            int to = i * ENTRY_WORDS;
            for (int field = 0; field < 4; field++) {
                entries[to + field] = words[from + field];
            }
            entries[to + 4] = join(words[from + 4], words[from + 5]);
            entries[to + 5] = join(words[from + 6], words[from + 7]);
        }
        return entries;
    }

    /** Whether other tasks than the caller have run something, or will. */
    boolean carriedOut() {
        int status = memory.pointer().getInt(0);
        return status == DONE || status == DIVERGED;
    }

    boolean anyPending() {
        int count = memory.pointer().getInt(36);
        for (int i = 0; i < count; i++) {
            if (memory.pointer().getInt(HEADER_SIZE + (long) i * ENTRY_SIZE + 4) == PENDING) {
                return true;
            }
        }
        return false;
    }

    /** The header for a request that the engine refused with this -errno. */
    static long[] error(long errno) {
        return new long[] {errno, 0, errno, 0, 0, 0};
    }

    /** The header for a request that has not reached the engine. */
    static long[] unreachable() {
        return new long[] {UNREACHABLE, 0, 0, 0, 0, 0};
    }

    /** Both of our architectures are little endian. */
    private static long join(int low, int high) {
        return (long) high << Integer.SIZE | Integer.toUnsignedLong(low);
    }
}

package dev.psx.spi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * Internal: a reader of the engine's thread table, whose format is in {@code psx.h}. The table is written while it is read and,
 * read from outside, belongs to a process that may be hostile: nothing in it is trusted.
 */
public final class ThreadTable {

    /** The end of the link under {@code /proc/PID/fd} that leads to a table. */
    public static final String LINK = "/memfd:psx-table (deleted)";

    static final long MAGIC = 0x31656c6261742d78L;
    static final int NAME_OFFSET = 16;
    static final int NAME_SIZE = 96;

    private static final int HEADER_READ = 32;
    private static final int MIN_ENTRY = NAME_OFFSET + NAME_SIZE;
    private static final int MAX_SIZE = 4096;
    private static final int MAX_CAPACITY = 1 << 22; // the kernel's limit of pids
    private static final int CHUNK = 512;
    private static final int TRIES = 16;

    private final int tgid;
    private final long overflow;
    private final Map<Integer, Entry> entries = new HashMap<>();

    private ThreadTable(int tgid, long overflow) {
        this.tgid = tgid;
        this.overflow = overflow;
    }

    /**
     * Reads a table in memory, from the buffer's position to its limit; the buffer is left as it is.
     *
     * @throws IllegalArgumentException if it holds no table
     */
    public static ThreadTable parse(ByteBuffer table) {
        ByteBuffer all = table.slice();
        try {
            return read(all.limit(), new Memory(all));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /**
     * Reads a table in a file, without mapping it: its owner might truncate it.
     *
     * @throws IllegalArgumentException if it holds no table
     */
    public static ThreadTable read(FileChannel file) throws IOException {
        return read(file.size(), (position, to) -> {
            while (to.hasRemaining()) {
                int count = file.read(to, position + to.position());
                if (count < 0) {
                    throw new IOException("the thread table was truncated while it was read");
                }
            }
        });
    }

    /** The process the table is of, as it knows its own id. */
    public int tgid() {
        return tgid;
    }

    /** How many threads found no entry in the table. */
    public long overflow() {
        return overflow;
    }

    /** The registered threads by their tids, as they know them. */
    public Map<Integer, Entry> entries() {
        return Collections.unmodifiableMap(entries);
    }

    private static ThreadTable read(long size, Source source) throws IOException {
        if (size < HEADER_READ) {
            throw new IllegalArgumentException("too short for a thread table: " + size + " bytes");
        }
        ByteBuffer header = buffer(HEADER_READ);
        source.copy(0, header);
        int headerSize = header.getInt(8);
        int entrySize = header.getInt(12);
        int capacity = header.getInt(16);
        if (header.getLong(0) != MAGIC
                || headerSize < HEADER_READ
                || headerSize > MAX_SIZE
                || entrySize < MIN_ENTRY
                || entrySize > MAX_SIZE
                || capacity < 0
                || capacity > MAX_CAPACITY
                || headerSize + (long) entrySize * capacity > size) {
            throw new IllegalArgumentException("not a thread table, or one of another version");
        }
        ThreadTable table = new ThreadTable(header.getInt(20), header.getLong(24));
        for (int first = 0; first < capacity; first += CHUNK) {
            int count = Math.min(CHUNK, capacity - first);
            table.addChunk(source, headerSize + (long) entrySize * first, entrySize, count);
        }
        return table;
    }

    /**
     * An entry that two looks in a row find equal, with an even sequence, was not written meanwhile. Others get some more looks;
     * one that is never at rest is left out.
     */
    private void addChunk(Source source, long position, int entrySize, int count) throws IOException {
        byte[] before = look(source, position, entrySize * count);
        byte[] now = look(source, position, entrySize * count);
        for (int tries = 1; tries < TRIES && !Arrays.equals(before, now); tries++) {
            before = now;
            now = look(source, position, entrySize * count);
        }
        for (int i = 0; i < count; i++) {
            ByteBuffer entry = entry(now, i, entrySize);
            if (entry.getInt(0) > 0 && (entry.getInt(4) & 1) == 0 && entry.equals(entry(before, i, entrySize))) {
                entries.put(entry.getInt(0), new Entry(entry));
            }
        }
    }

    private static byte[] look(Source source, long position, int size) throws IOException {
        byte[] bytes = new byte[size];
        source.copy(position, ByteBuffer.wrap(bytes));
        return bytes;
    }

    private static ByteBuffer entry(byte[] chunk, int index, int entrySize) {
        return ByteBuffer.wrap(chunk, index * entrySize, entrySize).slice().order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }

    /** No lambda: the agent comes this way before main, where the first one is expensive. */
    private static final class Memory implements Source {

        private final ByteBuffer all;

        Memory(ByteBuffer all) {
            this.all = all;
        }

        @Override
        public void copy(long position, ByteBuffer to) {
            ByteBuffer part = all.duplicate();
            part.position((int) position).limit((int) position + to.remaining());
            to.put(part);
        }
    }

    /** Where a table's bytes come from. */
    private interface Source {
        void copy(long position, ByteBuffer to) throws IOException;
    }

    /** One registered thread. */
    public static final class Entry {

        /** The thread's id in its own pid namespace. */
        public final int tid;

        /** {@code Thread.getId()}. */
        public final long javaId;

        /** The Java thread's name, cut to what fits; it may hold any character. */
        public final String name;

        private Entry(ByteBuffer entry) {
            tid = entry.getInt(0);
            javaId = entry.getLong(8);
            byte[] bytes = new byte[NAME_SIZE];
            entry.position(NAME_OFFSET);
            entry.get(bytes);
            int length = 0;
            while (length < NAME_SIZE && bytes[length] != 0) {
                length++;
            }
            name = new String(bytes, 0, length, StandardCharsets.UTF_8);
        }
    }
}

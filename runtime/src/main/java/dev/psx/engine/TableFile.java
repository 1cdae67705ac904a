package dev.psx.engine;

import com.sun.jna.Function;
import dev.psx.spi.ThreadTable;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;

/**
 * The engine's thread table, read through its descriptor. Not mapped: reading the holes of a mapped file would fill them with
 * memory. Not by a channel: the interrupt of a thread that reads it would close it.
 */
final class TableFile {

    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    // struct psx_table_header
    private static final int CAPACITY = 16;
    private static final int HEADER_SIZE = 128;
    private static final int ENTRY_SIZE = 128;

    private static final int TRIES = 4;

    private final int descriptor;
    private final Function seek;
    private final Function read;

    TableFile(Libc libc, int descriptor) {
        this.descriptor = descriptor;
        seek = libc.function("lseek");
        read = libc.function("pread");
    }

    /** Returns the registered threads by their tids. */
    Map<Integer, ThreadTable.Entry> read() {
        byte[] before = snapshot();
        byte[] now = snapshot();
        // Two equal looks in a row: nothing was written meanwhile. A table that never rests gives what it has.
        for (int tries = 0; tries < TRIES && !Arrays.equals(before, now); tries++) {
            before = now;
            now = snapshot();
        }
        return ThreadTable.parse(ByteBuffer.wrap(now)).entries();
    }

    /**
     * A smaller table with the entries that have ever been used. Parts of the file that were never written begin and end with
     * pages, that is with whole entries.
     */
    private byte[] snapshot() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (long from = seek(0, SEEK_DATA); from >= 0; from = seek(from, SEEK_DATA)) {
            long end = seek(from, SEEK_HOLE);
            byte[] part = new byte[(int) (end - from)];
            long count = read.invokeLong(new Object[] {descriptor, part, (long) part.length, from});
            if (count != part.length) {
                throw new IllegalStateException("the thread table cannot be read");
            }
            bytes.write(part, 0, part.length);
            from = end;
        }
        byte[] table = bytes.toByteArray();
        int capacity = (table.length - HEADER_SIZE) / ENTRY_SIZE;
        ByteBuffer.wrap(table).order(ByteOrder.nativeOrder()).putInt(CAPACITY, capacity);
        return table;
    }

    /** Returns -1 behind the last part. */
    private long seek(long from, int whence) {
        return seek.invokeLong(new Object[] {descriptor, from, whence});
    }
}

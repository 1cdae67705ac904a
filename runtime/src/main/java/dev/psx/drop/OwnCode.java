package dev.psx.drop;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Paths;

/**
 * Internal: tells whether a process has come from the dynamic linker to the code of its program, by what stands on its stack.
 *
 * <p>A program begins at its entry point, and what stands there calls the libc at once: the address to return to, a few bytes behind
 * the entry, is put on the stack and stays, because that call never returns. Nothing that the dynamic linker does before puts it
 * there. A program without a dynamic linker begins with an empty stack, so anything there is its own.
 */
final class OwnCode {

    /** That much of the stack the first call cannot have gone beyond before the address is there, on x86-64 and aarch64. */
    private static final int WINDOW = 512;

    /** Longer than what stands at the entry of any program. */
    private static final int ENTRY_CODE = 256;

    private static final int AT_BASE = 7;
    private static final int AT_ENTRY = 9;
    private static final long FIRST_OF_64_BITS = 1L << 32;

    private final String directory;
    private final long stack;

    /** A 32-bit program has a stack that it can address. */
    private final int word;

    private long linker;
    private long entry;

    private OwnCode(ProcStat stat) {
        directory = "/proc/" + stat.pid;
        stack = stat.startStack;
        word = Long.compareUnsigned(stack, FIRST_OF_64_BITS) < 0 ? Integer.BYTES : Long.BYTES;
    }

    /** @param stat of a process whose program is loaded */
    static Sight of(ProcStat stat) {
        try {
            return new OwnCode(stat).look();
        } catch (AccessDeniedException | FileNotFoundException e) {
            return Sight.UNTOLD;
        } catch (IOException e) {
            return Sight.BEFORE; // the memory is being replaced, or the process ends
        }
    }

    private Sight look() throws IOException {
        readVector(ByteBuffer.wrap(Files.readAllBytes(Paths.get(directory, "auxv"))));
        return entry != 0 && hasSign(stackBelow()) ? Sight.RUNS : Sight.BEFORE;
    }

    private void readVector(ByteBuffer vector) {
        vector.order(ByteOrder.nativeOrder());
        while (vector.remaining() >= 2 * word) {
            long type = next(vector);
            long value = next(vector);
            if (type == AT_BASE) {
                linker = value;
            } else if (type == AT_ENTRY) {
                entry = value;
            }
        }
    }

    /** Unlike a channel this reads also in a thread that is interrupted. */
    private ByteBuffer stackBelow() throws IOException {
        byte[] bytes = new byte[WINDOW];
        try (RandomAccessFile memory = new RandomAccessFile(directory + "/mem", "r")) {
            memory.seek(stack - WINDOW);
            memory.readFully(bytes);
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    private boolean hasSign(ByteBuffer words) {
        while (words.hasRemaining()) {
            long each = next(words);
            if (linker == 0 ? each != 0 : each > entry && each < entry + ENTRY_CODE) {
                return true;
            }
        }
        return false;
    }

    private long next(ByteBuffer words) {
        return word == Long.BYTES ? words.getLong() : Integer.toUnsignedLong(words.getInt());
    }
}

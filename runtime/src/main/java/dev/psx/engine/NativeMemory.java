package dev.psx.engine;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.Closeable;

/** Memory outside the heap. Unlike JNA's own it starts no cleaner thread: who closes it is known here. */
final class NativeMemory implements Closeable {

    private final long address;
    private final Pointer pointer;

    NativeMemory(long size) {
        address = Native.malloc(Math.max(size, 1));
        if (address == 0) {
            throw new OutOfMemoryError("malloc of " + size + " bytes failed");
        }
        pointer = new Pointer(address);
    }

    static NativeMemory of(byte[] content) {
        NativeMemory memory = new NativeMemory(content.length);
        memory.pointer.write(0, content, 0, content.length);
        return memory;
    }

    /** @param addresses which words of the content are offsets in it, and shall be addresses */
    static NativeMemory of(byte[] content, int[] addresses) {
        NativeMemory memory = of(content);
        for (int at : addresses) {
            memory.pointer.setLong(at, memory.address + memory.pointer.getLong(at));
        }
        return memory;
    }

    long address() {
        return address;
    }

    Pointer pointer() {
        return pointer;
    }

    @Override
    public void close() {
        Native.free(address);
    }
}

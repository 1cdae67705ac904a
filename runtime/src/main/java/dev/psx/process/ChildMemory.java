package dev.psx.process;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** What a child's system calls point to: one block, in which some words are themselves addresses within it. */
final class ChildMemory {

    /** A part of the block that has been given away already. */
    static final class Place {

        final int offset;

        private Place(int offset) {
            this.offset = offset;
        }
    }

    private byte[] bytes = new byte[4096];
    private int used;
    private int[] addresses = new int[64];
    private int count;

    Place reserve(int size) {
        return new Place(room(size));
    }

    /** Appends some content and tells where. */
    Place put(byte[] content) {
        int offset = room(content.length);
        System.arraycopy(content, 0, bytes, offset, content.length);
        return new Place(offset);
    }

    int offset(Object content) {
        if (content instanceof Place) {
            return ((Place) content).offset;
        }
        if (content instanceof byte[]) {
            return put((byte[]) content).offset;
        }
        return array((byte[][]) content);
    }

    /** An array of addresses, with a null at its end. */
    private int array(byte[][] strings) {
        int offset = room((strings.length + 1) * Long.BYTES);
        for (int i = 0; i < strings.length; i++) {
            address(offset + i * Long.BYTES, put(strings[i]));
        }
        return offset;
    }

    /** Makes a word an address. */
    void address(int at, Place to) {
        word(at, to.offset);
        if (count == addresses.length) {
            addresses = Arrays.copyOf(addresses, count * 2);
        }
        addresses[count++] = at;
    }

    private void word(int at, long value) {
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putLong(at, value);
    }

    private int room(int size) {
        int offset = used;
        used = Math.addExact(used, size + Long.BYTES - 1) & -Long.BYTES;
        if (used > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 64, Math.max(used, bytes.length * 2L)));
        }
        return offset;
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, used);
    }

    /** The offsets of the words that are offsets themselves and shall be addresses. */
    int[] addresses() {
        return Arrays.copyOf(addresses, count);
    }
}

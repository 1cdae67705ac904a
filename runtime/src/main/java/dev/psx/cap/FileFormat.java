package dev.psx.cap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The format of the attribute: a word with version and effective bit, for every 32 capabilities a word of the permitted and one
 * of the inheritable set, in version 3 the owner. Always little endian.
 */
final class FileFormat {

    /** The longest value, that of version 3. */
    static final int LARGEST = 24;

    private static final int EFFECTIVE = 1;
    private static final int VERSION_MASK = 0xff00_0000;
    private static final int VERSION_1 = 0x0100_0000;
    private static final int VERSION_2 = 0x0200_0000;
    private static final int VERSION_3 = 0x0300_0000;

    private static final int SIZE_1 = 12;
    private static final int SIZE_2 = 20;

    private FileFormat() {}

    static FileCapabilities read(byte[] attribute) {
        if (attribute.length < Integer.BYTES) {
            throw new IllegalArgumentException("capabilities of a file do not have " + attribute.length + " bytes");
        }
        ByteBuffer words = ByteBuffer.wrap(attribute).order(ByteOrder.LITTLE_ENDIAN);
        int first = words.getInt();
        int size = size(first & VERSION_MASK);
        if (attribute.length != size) {
            throw new IllegalArgumentException("capabilities of a file in version " + (first >>> 24) + " have " + size
                    + " bytes, not " + attribute.length);
        }
        long permitted = Integer.toUnsignedLong(words.getInt());
        long inheritable = Integer.toUnsignedLong(words.getInt());
        if (size > SIZE_1) {
            permitted |= (long) words.getInt() << Integer.SIZE;
            inheritable |= (long) words.getInt() << Integer.SIZE;
        }
        int owner = size > SIZE_2 ? words.getInt() : 0;
        return FileCapabilities.of(permitted, inheritable, (first & EFFECTIVE) != 0)
                .withNamespaceOwner(owner);
    }

    private static int size(int version) {
        switch (version) {
            case VERSION_1:
                return SIZE_1;
            case VERSION_2:
                return SIZE_2;
            case VERSION_3:
                return LARGEST;
            default:
                throw new IllegalArgumentException(
                        "capabilities of a file have version 1, 2 or 3, not " + (version >>> 24));
        }
    }

    static byte[] write(FileCapabilities file) {
        boolean owned = file.namespaceOwner() != 0;
        ByteBuffer words = ByteBuffer.allocate(owned ? LARGEST : SIZE_2).order(ByteOrder.LITTLE_ENDIAN);
        words.putInt((owned ? VERSION_3 : VERSION_2) | (file.isEffective() ? EFFECTIVE : 0));
        for (int shift = 0; shift < Long.SIZE; shift += Integer.SIZE) {
            words.putInt((int) (file.permitted() >>> shift)).putInt((int) (file.inheritable() >>> shift));
        }
        if (owned) {
            words.putInt(file.namespaceOwner());
        }
        return words.array();
    }
}

package dev.psx.cap;

import dev.psx.cap.CapabilitySet.Flag;

/**
 * The portable binary form of capability sets, see cap_copy_ext(3): a magic number, the size of one set in bytes, then for every
 * eight capabilities a byte of each set in the order of {@link Flag}.
 */
final class ExternalForm {

    private static final byte[] MAGIC = {(byte) 0x90, (byte) 0xc2, 0x01, 0x51};
    private static final int HEAD = MAGIC.length + 1;
    private static final int SETS = Flag.values().length;

    /** All that a mask holds; libcap never writes less. */
    private static final int SET_BYTES = Long.BYTES;

    private ExternalForm() {}

    static byte[] write(CapabilitySet sets) {
        byte[] external = new byte[HEAD + SETS * SET_BYTES];
        System.arraycopy(MAGIC, 0, external, 0, MAGIC.length);
        external[MAGIC.length] = SET_BYTES;
        for (Flag flag : Flag.values()) {
            for (int i = 0; i < SET_BYTES; i++) {
                external[HEAD + i * SETS + flag.ordinal()] = (byte) (sets.get(flag) >>> i * Byte.SIZE);
            }
        }
        return external;
    }

    static CapabilitySet read(byte[] external) {
        int size = external.length < HEAD ? -1 : external[MAGIC.length] & 0xff;
        for (int i = 0; i < MAGIC.length && size >= 0; i++) {
            size = external[i] == MAGIC[i] ? size : -1;
        }
        if (size < 0) {
            throw new IllegalArgumentException("these bytes are no external form of capability sets");
        }
        if (external.length != HEAD + SETS * size) {
            throw new IllegalArgumentException("an external form of capability sets with " + size + " bytes a set has "
                    + (HEAD + SETS * size) + " bytes, not " + external.length);
        }
        CapabilitySet sets = CapabilitySet.EMPTY;
        for (Flag flag : Flag.values()) {
            long mask = 0;
            for (int i = 0; i < Math.min(size, SET_BYTES); i++) {
                mask |= (external[HEAD + i * SETS + flag.ordinal()] & 0xffL) << i * Byte.SIZE;
            }
            sets = sets.with(flag, mask);
        }
        return sets;
    }
}

package dev.psx.policy;

import dev.psx.cap.SecureBits.Bit;

/** The names of the secure bits, as systemd and capsh's options have them. */
final class SecureBitNames {

    private static final Bit[] BITS = Bit.values();

    private SecureBitNames() {}

    /** Returns the value for PR_SET_SECUREBITS; as with systemd the empty list clears all bits. */
    static int read(Setting setting) {
        int bits = 0;
        if (setting.value.equals("none") || setting.isEmptyAsInSystemd()) {
            return bits;
        }
        for (Word word : setting.words(0)) {
            bits |= bit(setting, word).mask();
        }
        return bits;
    }

    private static Bit bit(Setting setting, Word word) {
        for (Bit bit : BITS) {
            if (name(bit).equals(word.text)) {
                return bit;
            }
        }
        String[] names = new String[BITS.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = name(BITS[i]);
        }
        throw setting.bad(word, "is not one of " + Text.join(names) + "; or write none");
    }

    private static String name(Bit bit) {
        return bit.toString().replace('_', '-');
    }
}

package dev.psx.cap;

import dev.psx.cap.SecureBits.Bit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The text forms of {@link SecureBits}. */
final class SecureBitsText {

    /** What capsh calls the bits that are no locks, in the kernel's order. */
    private static final String[] CAPSH = {
        "secure-noroot", "secure-no-suid-fixup", "secure-keep-caps", "secure-no-ambient-raise"
    };

    private static final String LOCKED = "_locked";

    private SecureBitsText() {}

    static List<String> lines(SecureBits bits) {
        List<String> lines = new ArrayList<>();
        for (Bit bit : Bit.values()) {
            if (!bit.isLock()) {
                String lock = bits.isLocked(bit) ? "locked" : "unlocked";
                lines.add(capsh(bit) + ": " + (bits.has(bit) ? "yes" : "no") + " (" + lock + ")");
            }
        }
        return Collections.unmodifiableList(lines);
    }

    private static String capsh(Bit bit) {
        return CAPSH[bit.ordinal() / 2];
    }

    static SecureBits parse(String text) {
        if (text.isEmpty()) {
            return SecureBits.NONE;
        }
        return text.charAt(0) >= '0' && text.charAt(0) <= '9' ? number(text) : names(text);
    }

    private static SecureBits number(String text) {
        try {
            long value = Long.decode(text);
            if (value <= 0xffff_ffffL) {
                return SecureBits.of((int) value);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new CapabilityTextException(text, 0, "securebits are names, or a number of 32 bits");
    }

    private static SecureBits names(String text) {
        SecureBits bits = SecureBits.NONE;
        int start = 0;
        for (String word : text.split(",", -1)) {
            bits = bits.with(bit(text, start, word));
            start += word.length() + 1;
        }
        return bits;
    }

    private static Bit bit(String text, int position, String word) {
        String name = word.toLowerCase(Locale.ROOT).replace('-', '_');
        for (Bit bit : Bit.values()) {
            String other = capsh(bit).replace('-', '_') + (bit.isLock() ? LOCKED : "");
            if (bit.toString().equals(name) || other.equals(name)) {
                return bit;
            }
        }
        throw new CapabilityTextException(text, position, "no securebit has this name");
    }
}

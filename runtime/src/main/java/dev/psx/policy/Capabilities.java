package dev.psx.policy;

import dev.psx.cap.Capability;
import dev.psx.cap.CapabilityTextException;
import dev.psx.drop.CapabilityNames;

/** A set of capabilities as it is written: a list, {@code none}, perhaps {@code keep}; or with {@code ~} all but those of the list. */
final class Capabilities {

    /** The capabilities of the list. */
    final long mask;

    /** Whether all but those of the list are meant. */
    final boolean inverted;

    final boolean keep;

    private Capabilities(long mask, boolean inverted, boolean keep) {
        this.mask = mask;
        this.inverted = inverted;
        this.keep = keep;
    }

    /** {@code caps}: must say something. */
    static Capabilities kept(Setting setting) {
        if (setting.value.startsWith("~")) {
            throw setting.bad("does not name what is kept; ~ goes with " + setting.name(Key.AMBIENT) + " and "
                    + setting.name(Key.BOUNDING) + " only");
        }
        if (setting.value.isEmpty()) {
            throw setting.bad("is empty; write none, or give a list or keep");
        }
        return read(setting, true);
    }

    /** As systemd: the empty list is the empty set, and ~ alone the full one. */
    static Capabilities bounding(Setting setting) {
        return read(setting, true);
    }

    /** As {@link #bounding}, and there is nothing to keep. */
    static Capabilities ambient(Setting setting) {
        return read(setting, false);
    }

    private static Capabilities read(Setting setting, boolean mayKeep) {
        if (setting.value.equals("none") || setting.isEmptyAsInSystemd()) {
            return new Capabilities(0, false, false);
        }
        if (mayKeep && setting.value.equals("keep")) {
            return new Capabilities(0, false, true);
        }
        boolean inverted = setting.value.startsWith("~");
        int start = inverted ? 1 : 0;
        long mask = 0;
        if (setting.value.length() > start) {
            for (Word word : setting.words(start)) {
                int number = number(setting, word, mayKeep);
                if (!inverted) { // what the kernel lacks nobody has: ~ may name it
                    requireKnown(setting, word, number);
                }
                mask |= 1L << number;
            }
        }
        return new Capabilities(mask, inverted, false);
    }

    private static int number(Setting setting, Word word, boolean mayKeep) {
        if (word.text.equals("none") || mayKeep && word.text.equals("keep")) {
            throw setting.bad(
                    word.offset,
                    "mixes " + word.text + " with capabilities; give a list"
                            + (mayKeep ? ", none or keep" : " or none"));
        }
        try {
            return Capability.number(word.text);
        } catch (CapabilityTextException e) {
            throw setting.bad(
                    word,
                    "is no capability: write names such as net_bind_service or CAP_NET_BIND_SERVICE"
                            + (mayKeep ? ", none or keep" : ", or none") + "; capabilities(7) lists them");
        }
    }

    private static void requireKnown(Setting setting, Word word, int number) {
        if (number >= Capability.count()) {
            throw setting.bad(word, "cannot be had: " + CapabilityNames.unknown(number) + "; leave it out");
        }
    }

    /** Returns the set where everything is the whole. */
    long of(long everything) {
        return inverted ? everything & ~mask : mask;
    }
}

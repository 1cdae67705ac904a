package dev.psx.cap;

import dev.psx.cap.CapabilitySet.Flag;

/**
 * Prints the canonical text form of {@link CapabilitySet}: first the pattern of letters that most capabilities have, then what
 * differs from it, pattern by pattern.
 */
final class SetPrinter {

    /** The order of letters, and of patterns: a pattern is a number with one bit for each. */
    private static final Flag[] LETTERS = {Flag.EFFECTIVE, Flag.INHERITABLE, Flag.PERMITTED};

    private static final int[] BITS = {1, 4, 2};

    private static final int PATTERNS = 8;

    private SetPrinter() {}

    /** @param count how many capabilities the kernel knows: those that {@code =} without a list means */
    static String print(CapabilitySet set, int count) {
        long known = Capability.below(count);
        int common = mostCommon(set, known);
        StringBuilder text = new StringBuilder("=").append(letters(common));
        for (int pattern = PATTERNS - 1; pattern >= 0; pattern--) {
            long members = members(set, pattern) & known;
            if (pattern != common && members != 0) {
                difference(text, members, pattern, common);
            }
        }
        for (int pattern = PATTERNS - 1; pattern > 0; pattern--) {
            long members = members(set, pattern) & ~known;
            if (members != 0) {
                text.append(' ').append(Capability.list(members)).append('+').append(letters(pattern));
            }
        }
        return text.toString();
    }

    private static void difference(StringBuilder text, long members, int pattern, int common) {
        int raised = pattern & ~common;
        int lowered = common & ~pattern;
        boolean alone = raised != 0 && text.length() == 1; // "= list+x" is said shorter as "list=x"
        text.replace(0, alone ? 1 : 0, "").append(alone ? "" : " ").append(Capability.list(members));
        if (raised != 0) {
            text.append(alone ? '=' : '+').append(letters(raised));
        }
        if (lowered != 0) {
            text.append('-').append(letters(lowered));
        }
    }

    /** Of patterns that are equally common the one with the lowest number. */
    private static int mostCommon(CapabilitySet set, long known) {
        int common = 0;
        for (int pattern = 1; pattern < PATTERNS; pattern++) {
            if (Long.bitCount(members(set, pattern) & known) > Long.bitCount(members(set, common) & known)) {
                common = pattern;
            }
        }
        return common;
    }

    /** Returns the capabilities that are in exactly the sets of the pattern. */
    private static long members(CapabilitySet set, int pattern) {
        long members = -1;
        for (int i = 0; i < LETTERS.length; i++) {
            long in = set.get(LETTERS[i]);
            members &= (pattern & BITS[i]) != 0 ? in : ~in;
        }
        return members;
    }

    private static String letters(int pattern) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < LETTERS.length; i++) {
            if ((pattern & BITS[i]) != 0) {
                text.append(LETTERS[i].letter());
            }
        }
        return text.toString();
    }
}

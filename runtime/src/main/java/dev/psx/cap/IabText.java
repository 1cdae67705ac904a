package dev.psx.cap;

/** The text form of {@link Iab}. */
final class IabText {

    private IabText() {}

    static Iab parse(String text) {
        TextCursor cursor = new TextCursor(text);
        long inheritable = 0;
        long ambient = 0;
        long blocked = 0;
        while (!cursor.atEnd()) {
            boolean toInheritable = false;
            boolean toAmbient = false;
            boolean toBlocked = false;
            for (; cursor.at('%') || cursor.at('^') || cursor.at('!'); cursor.next()) {
                toInheritable |= cursor.at('%');
                toAmbient |= cursor.at('^');
                toBlocked |= cursor.at('!');
            }
            if (cursor.atEnd()) {
                break;
            }
            long capability = 1L << cursor.capability(false);
            inheritable |= toInheritable || !(toAmbient || toBlocked) ? capability : 0;
            ambient |= toAmbient ? capability : 0;
            blocked |= toBlocked ? capability : 0;
            if (!cursor.take(',')) {
                cursor.requireEnd();
            }
        }
        return Iab.of(inheritable, ambient, blocked);
    }

    /** @param count how many capabilities the kernel knows; the others are not shown */
    static String print(Iab iab, int count) {
        StringBuilder text = new StringBuilder();
        for (int number = 0; number < count; number++) {
            String prefix = prefix(iab, 1L << number);
            if (prefix != null) {
                text.append(text.length() == 0 ? "" : ",").append(prefix).append(Capability.name(number));
            }
        }
        return text.toString();
    }

    /** Returns null for a capability that is in none of the vectors. */
    private static String prefix(Iab iab, long capability) {
        boolean inheritable = (iab.inheritable() & capability) != 0;
        boolean blocked = (iab.blocked() & capability) != 0;
        String start = blocked ? "!" : "";
        if ((iab.ambient() & capability) != 0) {
            return start + "^";
        }
        if (inheritable) {
            return blocked ? "!%" : "";
        }
        return blocked ? start : null;
    }
}

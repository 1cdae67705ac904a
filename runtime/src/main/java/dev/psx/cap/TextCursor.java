package dev.psx.cap;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A place in a text that is being read. The character classes are those of C's default locale, whatever the JVM's is.
 */
final class TextCursor {

    private static final char END = 0;
    private static final int OCTAL = 8;
    private static final int DECIMAL = 10;
    private static final int HEXADECIMAL = 16;

    private static final Map<String, Integer> NUMBERS = new HashMap<>();

    static {
        for (Capability capability : Capability.values()) {
            NUMBERS.put(capability.toString(), capability.number());
        }
    }

    private final String text;
    private int at;

    TextCursor(String text) {
        this.text = Objects.requireNonNull(text, "text");
    }

    boolean atEnd() {
        return at == text.length();
    }

    /** Whether the next character is this one, which is not NUL. */
    boolean at(char c) {
        return peek() == c;
    }

    boolean atSpace() {
        char c = peek();
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    boolean atWord() {
        return isAlpha(peek()) || isDigit(peek()) || at('_');
    }

    /** Passes the next character if it is this one. */
    boolean take(char c) {
        boolean there = at(c);
        at += there ? 1 : 0;
        return there;
    }

    /** Passes the next character, which must be there. */
    char next() {
        return text.charAt(at++);
    }

    void skipSpace() {
        while (atSpace()) {
            at++;
        }
    }

    /** Passes this word in upper or lower case, if no longer one is there. */
    boolean takeWord(String word) {
        int end = at + word.length();
        boolean there = text.regionMatches(true, at, word, 0, word.length())
                && (end == text.length() || !isWordPart(text.charAt(end)));
        at = there ? end : at;
        return there;
    }

    /**
     * Passes the name or the number of a capability and returns the number.
     *
     * @param shortNames whether names without {@code cap_} will do
     */
    int capability(boolean shortNames) {
        if (isDigit(peek())) {
            return number();
        }
        int start = at;
        while (isAlpha(peek()) || at('_')) {
            at++;
        }
        String name = text.substring(start, at).toLowerCase(Locale.ROOT);
        Integer number = NUMBERS.get(name);
        if (number == null && shortNames) {
            number = NUMBERS.get("cap_" + name);
        }
        if (number == null) {
            at = start;
            throw fail(name.isEmpty() ? "the name of a capability is missing" : "no capability has this name");
        }
        return number;
    }

    /** As strtoul of C with base 0. */
    private int number() {
        int start = at;
        int base = DECIMAL;
        if (take('0')) {
            base = OCTAL;
            boolean hexadecimal = (at('x') || at('X'))
                    && at + 1 < text.length()
                    && text.charAt(at + 1) < 128
                    && Character.digit(text.charAt(at + 1), HEXADECIMAL) >= 0;
            if (hexadecimal) {
                base = HEXADECIMAL;
                at++;
            }
        }
        int number = 0;
        for (int digit = digit(base); digit >= 0; digit = digit(base)) {
            number = Math.min(number * base + digit, Capability.PLACES);
            at++;
        }
        if (number >= Capability.PLACES) {
            at = start;
            throw fail("the number of a capability is 0 to " + (Capability.PLACES - 1));
        }
        return number;
    }

    private int digit(int base) {
        char c = peek();
        return c < 128 ? Character.digit(c, base) : -1;
    }

    void requireEnd() {
        if (!atEnd()) {
            throw fail("nothing may follow here");
        }
    }

    CapabilityTextException fail(String problem) {
        return new CapabilityTextException(text, at, problem);
    }

    /** A NUL in the text is no end, but fits nowhere. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : END;
    }

    private static boolean isWordPart(char c) {
        return isAlpha(c) || isDigit(c) || c == '_';
    }

    private static boolean isAlpha(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}

package dev.psx.policy;

/** Words in messages. Written by hand, like all of this package: regular expressions and formatters cost every start of every JVM. */
final class Text {

    private static final int SHOWN = 120;
    private static final int ASCII = 128;
    private static final int LONGEST_WORD = 32;

    private Text() {}

    static String quote(String text) {
        return "\"" + plain(text) + "\"";
    }

    /**
     * Quotes what a file says if it looks like a key or a plain value, else nothing of it: whoever names the wrong file as the policy
     * must not find its passwords in a log.
     */
    static String quoteWord(String text) {
        boolean word = text.length() <= LONGEST_WORD;
        for (int i = 0; word && i < text.length(); i++) {
            char c = text.charAt(i);
            word = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_';
        }
        return word ? "\"" + text + "\"" : "\"…\"";
    }

    /** Makes any text fit for one line of a log. */
    static String plain(String text) {
        return plain(text, SHOWN);
    }

    static String plain(String text, int shown) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length() && i < shown; i++) {
            char c = text.charAt(i);
            if (!isControl(c) && (c < ASCII || Character.isLetterOrDigit(c))) {
                plain.append(c);
            } else {
                plain.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
            }
        }
        return plain.append(text.length() > shown ? "…" : "").toString();
    }

    static boolean isControl(char c) {
        return c < ' ' || c == 127;
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    static String join(String... names) {
        StringBuilder joined = new StringBuilder();
        for (String name : names) {
            joined.append(joined.length() == 0 ? "" : ", ").append(name);
        }
        return joined.toString();
    }

    static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Returns -1 if this is no plain decimal number up to the limit; leading zeros are refused, they look octal. */
    static long number(String digits, long max) {
        if (!isDigits(digits) || digits.length() > 18 || digits.length() > 1 && digits.charAt(0) == '0') {
            return -1;
        }
        long number = Long.parseLong(digits);
        return number > max ? -1 : number;
    }
}

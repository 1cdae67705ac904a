package dev.psx.agent.cli;

/** Makes text of others safe for a terminal, and keeps it in its column. */
final class Text {

    private static final String CUT = "...";

    private Text() {}

    /**
     * Escapes what a terminal would obey or not show: control and format characters (also those that reverse the direction of
     * writing), line separators, halves of surrogate pairs, unassigned characters, and the backslash, so that nothing looks escaped that was not.
     */
    static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\\') {
                plain.append("\\\\");
            } else if (harmless(c)) {
                plain.appendCodePoint(c);
            } else {
                plain.append(String.format(c > 0xffff ? "\\u{%x}" : "\\u%04x", c));
            }
        });
        return plain.toString();
    }

    /** Escapes the text and cuts it to so many columns. */
    static String fit(String text, int columns) {
        return cut(plain(text), columns);
    }

    /** Cuts harmless text to so many columns. */
    static String cut(String plain, int columns) {
        return plain.length() <= columns ? plain : plain.substring(0, columns - CUT.length()) + CUT;
    }

    /** Breaks a line at its spaces, so that it keeps to so many columns where that is possible. */
    static String wrap(String line, String indent, int columns) {
        StringBuilder all = new StringBuilder(indent);
        int used = indent.length();
        for (String word : line.split(" ")) {
            boolean first = used == indent.length();
            if (!first && used + 1 + word.length() > columns) {
                all.append('\n').append(indent);
                used = indent.length();
                first = true;
            }
            all.append(first ? "" : " ").append(word);
            used += word.length() + (first ? 0 : 1);
        }
        return all.append('\n').toString();
    }

    private static boolean harmless(int c) {
        switch (Character.getType(c)) {
            case Character.CONTROL:
            case Character.FORMAT:
            case Character.LINE_SEPARATOR:
            case Character.PARAGRAPH_SEPARATOR:
            case Character.SURROGATE:
            case Character.PRIVATE_USE:
            case Character.UNASSIGNED:
                return false;
            default:
                return true;
        }
    }
}

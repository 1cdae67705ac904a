package dev.psx.check;

import java.util.ArrayList;
import java.util.List;

/** Splits text at white space as the JVM splits its environment variables and the launcher its argument files. */
final class Words {

    private Words() {}

    /** Words are separated by white space; quotes of either kind keep it. */
    static List<String> split(String text) {
        return split(text, false);
    }

    /** As above; besides a hash sign begins a comment, and within quotes a backslash escapes. */
    static List<String> ofArgumentFile(String text) {
        return split(text, true);
    }

    private static List<String> split(String text, boolean file) {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && Character.isWhitespace(c)) {
                word = end(words, word);
            } else if (file && quote == 0 && c == '#' && word == null) {
                i = endOfLine(text, i);
            } else {
                word = word == null ? new StringBuilder() : word;
                if (c == quote) {
                    quote = 0;
                } else if (quote == 0 && (c == '"' || c == '\'')) {
                    quote = c;
                } else if (file && quote != 0 && c == '\\' && i + 1 < text.length()) {
                    word.append(text.charAt(++i));
                } else {
                    word.append(c);
                }
            }
        }
        end(words, word);
        return words;
    }

    private static StringBuilder end(List<String> words, StringBuilder word) {
        if (word != null) {
            words.add(word.toString());
        }
        return null;
    }

    private static int endOfLine(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }
}

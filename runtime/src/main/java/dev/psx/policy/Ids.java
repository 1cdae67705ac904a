package dev.psx.policy;

import java.util.ArrayList;
import java.util.List;

/** Users and groups as they are written; whether a name exists is for the user database to say. */
final class Ids {

    static final long MAX_ID = 4294967294L;

    private Ids() {}

    static String nameOrId(Setting setting) {
        check(setting, new Word(setting.value, 0), setting.value);
        return setting.value;
    }

    /** Returns names and numbers, or {@code none} or {@code keep} alone. */
    static List<String> namesOrIds(Setting setting) {
        List<String> names = new ArrayList<>();
        List<Word> words = setting.words(0);
        if (words.isEmpty()) {
            check(setting, new Word("", 0), "");
        }
        for (Word word : words) {
            check(setting, word, word.text);
            if (words.size() > 1 && (word.text.equals("none") || word.text.equals("keep"))) {
                throw setting.bad(word.offset, "mixes " + word.text + " with other groups; give a list, none or keep");
            }
            if (names.contains(word.text)) {
                throw setting.bad(word.offset, "names " + setting.quote(word.text) + " twice");
            }
            names.add(word.text);
        }
        return names;
    }

    private static void check(Setting setting, Word word, String name) {
        if (name.isEmpty()) {
            throw setting.bad(
                    word.offset,
                    (setting.value.isEmpty() ? "is empty" : "has an empty element")
                            + (setting.key.isList() ? "; write none, or names or numbers" : "; give a name or a number")
                            + " from 0 to " + MAX_ID);
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == ':' && setting.key == Key.USER) {
                throw setting.bad(word.offset + i, "has a colon: name the group by " + setting.name(Key.GROUP) + "=");
            }
            if (c == ':' && setting.key == Key.CHILD_USER) {
                throw setting.bad(word.offset + i, "has a colon: the groups are those that a login of that user sets");
            }
            if (Text.isControl(c) || c == ':') {
                throw setting.bad(word.offset + i, "cannot be a name: it has a control character or a colon");
            }
        }
        boolean signed = name.charAt(0) == '-' || name.charAt(0) == '+';
        if ((Text.isDigits(name) || signed && Text.isDigits(name.substring(1))) && Text.number(name, MAX_ID) < 0) {
            throw setting.bad(word.offset, "is not a number from 0 to " + MAX_ID);
        }
    }
}

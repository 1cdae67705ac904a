package dev.psx.policy;

import java.util.ArrayList;
import java.util.List;

/** One key and its value as they were written, and where. Immutable. */
final class Setting {

    private static final String[] YES = {"yes", "true", "on", "1", "y", "t"};
    private static final String[] NO = {"no", "false", "off", "0", "n", "f"};

    final Key key;
    final String value;
    final Place place;
    private final Place valuePlace;

    Setting(Key key, String value, Place place, Place valuePlace) {
        this.key = key;
        this.value = value;
        this.place = place;
        this.valuePlace = valuePlace;
    }

    /** Returns the name of the key in the form that it was written in. */
    String name() {
        return place.isInFile() ? key.inFile() : key.option();
    }

    /** Returns another key's name, in the form that this one was written in. */
    String name(Key other) {
        return place.isInFile() ? other.inFile() : other.option();
    }

    /** Returns the elements of a list from there on: joined by + in options, where some may be empty, by spaces in files. */
    List<Word> words(int from) {
        List<Word> words = new ArrayList<>();
        int start = from;
        for (int i = from; i <= value.length(); i++) {
            if (i == value.length() || separates(value.charAt(i))) {
                if (i > start || !place.isInFile()) {
                    words.add(new Word(value.substring(start, i), start));
                }
                start = i + 1;
            }
        }
        return words;
    }

    /**
     * Whether the value is empty, and means the empty list because systemd has this key in its files.
     *
     * @throws PolicyException if it is empty in an option, where that looks like something forgotten
     */
    boolean isEmptyAsInSystemd() {
        if (value.isEmpty() && !place.isInFile()) {
            throw bad("is empty; write none, or give a list");
        }
        return value.isEmpty();
    }

    private boolean separates(char c) {
        return place.isInFile() ? Text.isBlank(c) : c == '+';
    }

    /** Quotes this value, or a part of it. */
    String quote(String text) {
        return place.quote(text);
    }

    /** Returns the position of the value among the choices. */
    int choice(String... choices) {
        for (int i = 0; i < choices.length; i++) {
            if (choices[i].equals(value)) {
                return i;
            }
        }
        throw bad("is not one of " + Text.join(choices));
    }

    /** Whether it is yes: in a file in any of the words that systemd has for yes and no. */
    boolean flag(String yes, String no) {
        if ((key == Key.NO_NEW_PRIVS || key == Key.CHILD_NO_NEW_PRIVS) && place.isInFile()) {
            for (int i = 0; i < YES.length; i++) {
                if (value.equalsIgnoreCase(YES[i]) || value.equalsIgnoreCase(NO[i])) {
                    return value.equalsIgnoreCase(YES[i]);
                }
            }
        }
        return choice(yes, no) == 0;
    }

    /** Returns an exception that names the whole value. */
    PolicyException bad(String why) {
        return bad(0, why);
    }

    /** As {@link #bad(String)}, with the place of that part of the value. */
    PolicyException bad(int offset, String why) {
        Place at = valuePlace.plus(value.codePointCount(0, Math.min(offset, value.length())));
        return new PolicyException(at, name() + "=" + quote(value) + " " + why);
    }

    /** The system does not know a name that stands there; the message has it. */
    PolicyException unknown(int offset, String message) {
        return new PolicyException(valuePlace.plus(value.codePointCount(0, offset)), message);
    }

    /** What is wrong with an element of a list. */
    PolicyException bad(Word word, String why) {
        boolean otherwise = word.text.indexOf('+') >= 0 || word.text.indexOf(',') >= 0;
        String joined = place.isInFile() && otherwise ? "; in a file lists are joined by spaces" : "";
        return bad(word.offset, "has " + quote(word.text) + ", which " + why + joined);
    }
}

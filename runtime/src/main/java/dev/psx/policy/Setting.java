package dev.psx.policy;

import java.util.ArrayList;
import java.util.List;

/** One key and its value as they were written, and where. Immutable. */
final class Setting {

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

    /** Returns an exception that names the whole value. */
    PolicyException bad(String why) {
        return bad(0, why);
    }

    /** As {@link #bad(String)}, with the place of that part of the value. */
    PolicyException bad(int offset, String why) {
        Place at = valuePlace.plus(value.codePointCount(0, Math.min(offset, value.length())));
        return new PolicyException(at, name() + "=" + quote(value) + " " + why);
    }

    /** What is wrong with an element of a list. */
    PolicyException bad(Word word, String why) {
        String joined = place.isInFile() && word.text.indexOf('+') >= 0 ? "; in a file lists are joined by spaces" : "";
        return bad(word.offset, "has " + quote(word.text) + ", which " + why + joined);
    }
}

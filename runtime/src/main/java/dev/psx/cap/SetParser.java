package dev.psx.cap;

import dev.psx.cap.CapabilitySet.Flag;
import java.util.EnumSet;
import java.util.Set;

/** Reads the text form of {@link CapabilitySet}. */
final class SetParser {

    private final TextCursor cursor;
    private final long all;
    private CapabilitySet result = CapabilitySet.EMPTY;

    /** @param all what {@code all} means */
    SetParser(String text, long all) {
        this.cursor = new TextCursor(text);
        this.all = all;
    }

    CapabilitySet parse() {
        for (cursor.skipSpace(); !cursor.atEnd(); cursor.skipSpace()) {
            clause();
        }
        return result;
    }

    private void clause() {
        if (cursor.atWord()) {
            long list = list();
            first(list);
            while (cursor.at('+') || cursor.at('-')) {
                boolean raise = cursor.next() == '+';
                change(list, raise, letters());
            }
        } else if (cursor.take('=')) {
            reset(all);
            change(all, true, optionalLetters());
        } else {
            throw cursor.fail("a list of capabilities or = is missing");
        }
        if (!cursor.atEnd() && !cursor.atSpace()) {
            throw cursor.fail("only the letters e, p and i, or another action behind a list, may follow here");
        }
    }

    private long list() {
        long list = 0;
        do {
            if (!cursor.atWord()) {
                throw cursor.fail("the name of a capability is missing");
            }
            // As in libcap "all" forgets what stood before it: a number that the kernel does not know.
            list = cursor.takeWord("all") ? all : list | 1L << cursor.capability(false);
        } while (cursor.take(','));
        return list;
    }

    /** The first action of a clause with a list. {@code =+e} is {@code =} without letters, and then {@code +e}. */
    private void first(long list) {
        boolean reset = cursor.take('=');
        boolean signed = cursor.at('+') || cursor.at('-');
        if (!reset && !signed) {
            throw cursor.fail("=, + or - is missing");
        }
        if (reset) {
            reset(list);
        }
        if (!signed) {
            change(list, true, optionalLetters());
        }
    }

    private void reset(long list) {
        change(list, false, EnumSet.allOf(Flag.class));
    }

    private void change(long list, boolean raise, Set<Flag> flags) {
        for (Flag flag : flags) {
            long members = result.get(flag);
            result = result.with(flag, raise ? members | list : members & ~list);
        }
    }

    private Set<Flag> letters() {
        Set<Flag> flags = optionalLetters();
        if (flags.isEmpty()) {
            throw cursor.fail("one of the letters e, p and i is missing");
        }
        return flags;
    }

    private Set<Flag> optionalLetters() {
        Set<Flag> flags = EnumSet.noneOf(Flag.class);
        for (Flag flag = letter(); flag != null; flag = letter()) {
            flags.add(flag);
        }
        return flags;
    }

    private Flag letter() {
        for (Flag flag : Flag.values()) {
            if (cursor.take(flag.letter())) {
                return flag;
            }
        }
        return null;
    }
}

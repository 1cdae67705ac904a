package dev.psx.check;

import java.util.function.Function;

/** A user as the user database knows it. */
final class Account {

    private static final int HOME = 4;

    /** The number, where there is no name. */
    final String name;

    /** Null if there is none. */
    final String home;

    private Account(String name, String home) {
        this.name = name;
        this.home = home;
    }

    static Account of(Function<Object[], Object> port, int uid) {
        String id = Integer.toUnsignedString(uid);
        Object[] entry = (Object[]) port.apply(new Object[] {"user", id});
        boolean known = entry != null && entry[0] != null;
        return new Account(known ? (String) entry[0] : id, known && entry.length > HOME ? (String) entry[HOME] : null);
    }
}

package dev.psx.drop;

import java.util.List;
import java.util.function.Function;

/** Internal: asks the user database for users and groups and says what to do about those it does not know. */
final class Names {

    private final Function<Object[], Object> port;

    Names(Function<Object[], Object> port) {
        this.port = port;
    }

    User user(String nameOrUid) {
        Object[] entry = (Object[]) port.apply(new Object[] {"user", nameOrUid});
        if (entry == null) {
            throw new UnknownNameException(
                    true, nameOrUid, "unknown user \"" + nameOrUid + "\": " + remedy(nameOrUid, "passwd", "uid"));
        }
        return new User(nameOrUid, entry);
    }

    int group(String nameOrGid) {
        Integer gid = (Integer) port.apply(new Object[] {"group", nameOrGid});
        if (gid == null) {
            throw new UnknownNameException(
                    false, nameOrGid, "unknown group \"" + nameOrGid + "\": " + remedy(nameOrGid, "group", "gid"));
        }
        return gid;
    }

    int[] groups(List<String> namesOrGids) {
        int[] gids = new int[namesOrGids.size()];
        for (int i = 0; i < gids.length; i++) {
            gids[i] = group(namesOrGids.get(i));
        }
        return gids;
    }

    private static String remedy(String name, String database, String id) {
        boolean quotable = !name.isEmpty() && name.indexOf('\'') < 0;
        String look = quotable ? " (getent " + database + " '" + name + "' finds no entry)" : "";
        return "give a name that the system knows" + look + ", or a " + id + " from 0 to 4294967294";
    }

    /** A user as the database knows it, or a bare number. */
    static final class User {

        final int uid;
        final String name;
        private final String asked;
        private final Integer primaryGroup;
        private final int[] groups;

        private User(String asked, Object[] entry) {
            this.asked = asked;
            this.name = (String) entry[0];
            this.uid = (Integer) entry[1];
            this.primaryGroup = (Integer) entry[2];
            this.groups = (int[]) entry[3];
        }

        /** Whether the database has more than the number. */
        boolean known() {
            return primaryGroup != null && groups != null;
        }

        int primaryGroup() {
            if (primaryGroup == null) {
                throw spellOut();
            }
            return primaryGroup;
        }

        int[] loginGroups() {
            if (groups == null) {
                throw spellOut();
            }
            return groups;
        }

        private IllegalArgumentException spellOut() {
            return new IllegalArgumentException("uid " + asked
                    + " has no entry in the user database, so its groups are not known: give group and groups too");
        }
    }
}

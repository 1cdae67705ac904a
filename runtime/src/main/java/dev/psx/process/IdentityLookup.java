package dev.psx.process;

import dev.psx.spi.Access;
import java.util.List;
import java.util.function.Function;

/** Turns names of users and groups into ids, and makes sure that a change of user or group says what becomes of the groups. */
final class IdentityLookup {

    private static final long LARGEST_ID = 0xFFFF_FFFEL;

    private IdentityLookup() {}

    static void resolve(LaunchSpec.IdChange ids) {
        if (ids.user != null) {
            ids.uid = number(ids.user);
            boolean complete = ids.uid != null && ids.group != null && (ids.groupNames != null || ids.keepGroups);
            if (!complete) {
                user(ids);
            }
        } else if (ids.group != null && ids.groupNames == null && !ids.keepGroups) {
            throw new IllegalArgumentException(
                    "with another group the child would keep this process's supplementary groups:"
                            + " say groups(…), noGroups() or keepGroups()");
        }
        if (ids.group != null) {
            ids.gid = group(ids.group);
        }
        if (ids.groupNames != null) {
            ids.groups = groups(ids.groupNames);
        }
    }

    private static void user(LaunchSpec.IdChange ids) {
        Object[] entry = (Object[]) ask("user", ids.user);
        if (entry == null) {
            throw new IllegalArgumentException("unknown user \"" + ids.user
                    + "\": give a name that the system knows, or a uid from 0 to 4294967294");
        }
        ids.uid = (Integer) entry[1];
        boolean groups = ids.groupNames != null || ids.keepGroups;
        if (entry[2] == null && (ids.group == null || !groups)) {
            throw new IllegalArgumentException("uid " + ids.user
                    + " has no entry in the user database, so its groups are not known: give group and groups too");
        }
        if (ids.group == null) {
            ids.gid = (Integer) entry[2];
        }
        if (!groups) {
            ids.groups = (int[]) entry[3];
        }
    }

    private static int[] groups(List<String> names) {
        int[] gids = new int[names.size()];
        for (int i = 0; i < gids.length; i++) {
            gids[i] = group(names.get(i));
        }
        return gids;
    }

    private static int group(String name) {
        Integer gid = number(name);
        gid = gid == null ? (Integer) ask("group", name) : gid;
        if (gid == null) {
            throw new IllegalArgumentException(
                    "unknown group \"" + name + "\": give a name that the system knows, or a gid from 0 to 4294967294");
        }
        return gid;
    }

    /** Digits are an id and never a name; null for a name, or for what is no id. */
    private static Integer number(String text) {
        if (!text.matches("[0-9]{1,10}")) {
            return null;
        }
        long id = Long.parseLong(text);
        return id > LARGEST_ID ? null : Integer.valueOf((int) id);
    }

    private static Object ask(String what, String name) {
        return Access.call((Function<Object[], Object> port) -> port.apply(new Object[] {what, name}));
    }
}

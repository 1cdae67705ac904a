package dev.psx.policy;

import dev.psx.drop.DropSpecBuilder;
import dev.psx.drop.RingPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** What the process shall become. Immutable; two that say the same are equal. Where nothing is said, a field is null. */
final class PrivilegeSettings {

    static final String KEEP = "keep";
    static final String NONE = "none";

    final String user;
    final String group;
    final List<String> groups;
    private final CapabilitySettings capabilities;
    private final Integer secureBits;
    final Boolean noNewPrivileges;
    private final Boolean dumpable;
    private final Integer umask;
    private final List<LimitText> limits;
    private final String root;
    private final String directory;
    private final Boolean privateKeyring;
    private final RingPolicy rings;

    PrivilegeSettings(Given given) {
        user = nameOrId(given.get(Key.USER));
        group = nameOrId(given.get(Key.GROUP));
        Setting list = given.get(Key.GROUPS);
        groups = list == null ? null : Collections.unmodifiableList(Ids.namesOrIds(list));
        capabilities = new CapabilitySettings(given);
        Setting bits = given.get(Key.SECUREBITS);
        secureBits = bits == null ? null : Integer.valueOf(SecureBitNames.read(bits));
        noNewPrivileges = given.flag(Key.NO_NEW_PRIVS, "yes", "no");
        int dump = given.choice(Key.DUMPABLE, KEEP, "yes", "no");
        dumpable = dump == 0 ? null : Boolean.valueOf(dump == 1);
        umask = umask(given.get(Key.UMASK));
        limits = limits(given);
        root = path(given.get(Key.CHROOT));
        directory = path(given.get(Key.CHDIR));
        privateKeyring = given.flag(Key.KEYRING, "private", KEEP);
        int ring = given.choice(Key.IO_URING, "forget", "refuse", "allow");
        rings = ring == 0 ? RingPolicy.FORGET : ring == 1 ? RingPolicy.REFUSE : RingPolicy.ALLOW;
    }

    private static String nameOrId(Setting setting) {
        return setting == null ? null : Ids.nameOrId(setting);
    }

    private static String path(Setting setting) {
        return setting == null ? null : Directories.read(setting);
    }

    private static Integer umask(Setting setting) {
        if (setting == null) {
            return null;
        }
        String value = setting.value;
        int bits = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            bits = digit < 0 || digit > 7 || bits > 0777 ? 01000 : bits * 8 + digit;
        }
        if (value.isEmpty() || value.length() > 4 || bits > 0777) {
            throw setting.bad("is not an octal number from 0 to 0777");
        }
        return bits;
    }

    private static List<LimitText> limits(Given given) {
        List<LimitText> limits = new ArrayList<>();
        for (Key key : Key.values()) {
            if (key.resource() != null && given.get(key) != null) {
                limits.add(LimitText.read(given.get(key)));
            }
        }
        return limits;
    }

    /** Tells whether there is something to change, were it not so already. */
    boolean changes() {
        boolean ids = user != null || isNew(group) || groups != null && isNew(groups.get(0));
        boolean more = secureBits != null || dumpable != null || umask != null || root != null || directory != null;
        return ids
                || more
                || capabilities.change()
                || Boolean.TRUE.equals(noNewPrivileges)
                || !limits.isEmpty()
                || Boolean.TRUE.equals(privateKeyring);
    }

    private static boolean isNew(String value) {
        return value != null && !value.equals(KEEP);
    }

    void addTo(DropSpecBuilder spec) {
        if (user != null) {
            spec.user(user);
        }
        addGroups(spec);
        capabilities.addTo(spec);
        if (secureBits != null) {
            spec.secureBits(secureBits);
        }
        if (noNewPrivileges != null) {
            spec.noNewPrivileges(noNewPrivileges);
        }
        if (dumpable != null) {
            spec.dumpable(dumpable);
        }
        addSurroundings(spec);
    }

    private void addGroups(DropSpecBuilder spec) {
        if (KEEP.equals(group)) {
            spec.keepGroup();
        } else if (group != null) {
            spec.group(group);
        }
        if (groups != null && groups.get(0).equals(KEEP)) {
            spec.keepGroups();
        } else if (groups != null) {
            spec.groups(groups.get(0).equals(NONE) ? Collections.<String>emptyList() : groups);
        }
    }

    private void addSurroundings(DropSpecBuilder spec) {
        if (umask != null) {
            spec.umask(umask);
        }
        for (LimitText limit : limits) {
            spec.limit(limit.resource, limit.soft, limit.hard);
        }
        if (root != null) {
            spec.root(root);
        }
        if (directory != null) {
            spec.directory(directory);
        }
        if (privateKeyring != null) {
            spec.privateKeyring(privateKeyring);
        }
        spec.rings(rings);
    }

    List<Object> asList() {
        List<Object> all = new ArrayList<>(Arrays.<Object>asList(
                user, group, groups, secureBits, noNewPrivileges, dumpable, umask, root, directory, privateKeyring));
        all.addAll(capabilities.asList());
        for (LimitText limit : limits) {
            all.addAll(Arrays.<Object>asList(limit.resource, limit.soft, limit.hard));
        }
        all.add(rings);
        return all;
    }
}

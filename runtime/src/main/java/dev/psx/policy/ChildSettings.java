package dev.psx.policy;

import dev.psx.drop.ChildRules;
import dev.psx.drop.DropSpec;
import dev.psx.spi.ChildProfile;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** What every child shall be that does not say otherwise. Immutable; where nothing is said, a field is null. */
final class ChildSettings {

    private final String user;
    private final Boolean noNewPrivileges;
    private final Long ambient;

    ChildSettings(Given given) {
        Setting name = given.get(Key.CHILD_USER);
        user = name == null ? null : Ids.nameOrId(name);
        noNewPrivileges = given.flag(Key.CHILD_NO_NEW_PRIVS, "yes", "no");
        Setting list = given.get(Key.CHILD_AMBIENT);
        ambient = list == null ? null : Long.valueOf(ambient(list));
    }

    private static long ambient(Setting setting) {
        Capabilities read = Capabilities.ambient(setting);
        if (read.inverted) {
            throw setting.bad("does not name what children get; ~ goes with " + setting.name(Key.AMBIENT) + " and "
                    + setting.name(Key.BOUNDING) + " only");
        }
        return read.mask;
    }

    boolean change() {
        return user != null || ambient != null || Boolean.TRUE.equals(noNewPrivileges);
    }

    ChildProfile resolve(Function<Object[], Object> port, DropSpec drop) {
        return ChildRules.resolve(port, drop, user, ambient, Boolean.TRUE.equals(noNewPrivileges));
    }

    List<Object> asList() {
        return Arrays.<Object>asList(user, noNewPrivileges, ambient);
    }
}

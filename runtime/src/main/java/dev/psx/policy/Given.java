package dev.psx.policy;

import java.util.EnumMap;
import java.util.Map;

/** The settings by their keys, each given once. */
final class Given {

    private final Map<Key, Setting> settings = new EnumMap<>(Key.class);

    void add(Setting setting) {
        if (setting.value.startsWith("\"") || setting.value.startsWith("'")) {
            throw setting.bad("begins with a quotation mark: write the value without quotes");
        }
        Setting other = settings.put(setting.key, setting);
        if (other != null) {
            throw new PolicyException(
                    setting.place,
                    setting.name() + " is given twice: " + other.quote(other.value) + " (" + other.place + ") and "
                            + setting.quote(setting.value));
        }
    }

    /** Returns null if the key is not given. */
    Setting get(Key key) {
        return settings.get(key);
    }

    /** Returns null if the key is not given. */
    Boolean flag(Key key, String yes, String no) {
        Setting setting = settings.get(key);
        return setting == null ? null : Boolean.valueOf(setting.flag(yes, no));
    }

    /** Returns the position of the value among the choices, the first of which is the default. */
    int choice(Key key, String... choices) {
        Setting setting = settings.get(key);
        return setting == null ? 0 : setting.choice(choices);
    }

    long time(Key key, long otherwise, long minMillis, long maxMillis) {
        Setting setting = settings.get(key);
        return setting == null ? otherwise : Times.read(setting, minMillis, maxMillis);
    }
}

package dev.psx.policy;

import java.util.ArrayList;
import java.util.List;

/** Takes {@code key=value,key=value} apart. */
final class OptionText {

    private final String options;
    private final List<Setting> settings = new ArrayList<>();

    private OptionText(String options) {
        this.options = options;
    }

    static List<Setting> read(String options) {
        OptionText text = new OptionText(options);
        int start = 0;
        while (start <= options.length() && !options.isEmpty()) {
            int comma = options.indexOf(',', start);
            int end = comma < 0 ? options.length() : comma;
            text.add(start, end);
            start = end + 1;
        }
        return text.settings;
    }

    private void add(int start, int end) {
        Place place = place(start);
        String option = options.substring(start, end);
        if (option.isEmpty()) {
            throw new PolicyException(place, "empty option; write key=value,key=value, the keys are " + keys());
        }
        int equals = option.indexOf('=');
        if (equals < 0) {
            throw new PolicyException(
                    place,
                    Text.quote(option) + " has no value; " + joined(option) + "write key=value, the keys are "
                            + keys());
        }
        Key key = Key.of(option.substring(0, equals), place);
        settings.add(new Setting(key, option.substring(equals + 1), place, place(start + equals + 1)));
    }

    /** A comma within a list is a likely mistake. */
    private String joined(String option) {
        Setting last = settings.isEmpty() ? null : settings.get(settings.size() - 1);
        if (last == null || !last.key.isList()) {
            return "";
        }
        String whole = last.key.option() + "=" + last.value + "+" + option;
        return "if it belongs to " + last.key.option() + ", join lists by +: " + Text.quote(whole) + "; otherwise ";
    }

    private Place place(int offset) {
        return Place.inOptions(1 + options.codePointCount(0, offset));
    }

    private static String keys() {
        return Text.join(Key.names(false));
    }
}

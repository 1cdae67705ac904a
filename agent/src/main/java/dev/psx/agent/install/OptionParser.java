package dev.psx.agent.install;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads {@code key=value,key=value}. Strict, because an option that is silently not obeyed leaves a process privileged: whatever is
 * not understood in full is an error that names the choices.
 */
public final class OptionParser {

    private OptionParser() {}

    /**
     * Parses the text after {@code -javaagent:psx-agent.jar=}.
     *
     * @param options may be null or empty: nothing is dropped
     * @throws ConfigurationException whatever is wrong with the text
     */
    public static Settings parse(String options) {
        return new Settings(split(options == null ? "" : options));
    }

    private static Map<String, String> split(String options) {
        Map<String, String> given = new LinkedHashMap<String, String>();
        int start = 0;
        while (start <= options.length() && !options.isEmpty()) {
            int comma = options.indexOf(',', start);
            int end = comma < 0 ? options.length() : comma;
            add(given, options.substring(start, end));
            start = end + 1;
        }
        return given;
    }

    private static void add(Map<String, String> given, String option) {
        if (option.isEmpty()) {
            throw new ConfigurationException(
                    "empty option; write key=value,key=value, the keys are " + Values.join(Keys.supported()));
        }
        int equals = option.indexOf('=');
        if (equals < 0) {
            throw new ConfigurationException(Values.quote(option) + " has no value; write key=value, the keys are "
                    + Values.join(Keys.supported()));
        }
        String key = option.substring(0, equals);
        Keys.check(key);
        String value = option.substring(equals + 1);
        if (given.containsKey(key)) {
            throw new ConfigurationException(
                    key + " is given twice: " + Values.quote(given.get(key)) + " and " + Values.quote(value));
        }
        given.put(key, value);
    }
}

package dev.psx.agent.install;

import java.util.Set;
import java.util.TreeSet;

/** Reads single values. Written by hand: regular expressions and formatters cost every start of every JVM. */
final class Values {

    static final long MAX_ID = 4294967294L;

    private static final int SHOWN = 120;

    private Values() {}

    /** Returns the position of the value among the choices. */
    static int choice(String key, String value, String... choices) {
        for (int i = 0; i < choices.length; i++) {
            if (choices[i].equals(value)) {
                return i;
            }
        }
        throw bad(key, value, "is not one of " + join(choices));
    }

    /** Checks the name or number of a user or group; whether it exists is for the user database to say. */
    static String nameOrId(String key, String value) {
        if (value.isEmpty()) {
            throw bad(key, value, "is empty; give a name or a number from 0 to " + MAX_ID);
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == 127 || c == ':') {
                throw bad(key, value, "cannot be a name: it has a control character or a colon");
            }
        }
        if (isNumber(value) || (value.charAt(0) == '-' || value.charAt(0) == '+') && isNumber(value.substring(1))) {
            id(key, value);
        }
        return value;
    }

    /** Returns the list's elements, each a name or number. */
    static String[] namesOrIds(String key, String value) {
        String[] elements = elements(value);
        for (int i = 0; i < elements.length; i++) {
            nameOrId(key, elements[i]);
            if (elements.length > 1 && (elements[i].equals("none") || elements[i].equals("keep"))) {
                throw bad(key, value, "mixes " + elements[i] + " with other groups; give a list, none or keep");
            }
            for (int j = 0; j < i; j++) {
                if (elements[j].equals(elements[i])) {
                    throw bad(key, value, "names " + quote(elements[i]) + " twice");
                }
            }
        }
        return elements;
    }

    static boolean isNumber(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return !value.isEmpty();
    }

    /** Returns the bits of a uid or gid: the kernel's ids are unsigned. */
    static int id(String key, String value) {
        long id = number(value, MAX_ID);
        if (id < 0) {
            throw bad(key, value, "is not a number from 0 to " + MAX_ID);
        }
        return (int) id;
    }

    static Set<Integer> ports(String key, String value, String list) {
        Set<Integer> ports = new TreeSet<Integer>();
        for (String element : elements(list)) {
            long port = number(element, 65535);
            if (port < 1) {
                throw bad(key, value, "has " + quote(element) + ", which is not a port from 1 to 65535");
            }
            if (!ports.add((int) port)) {
                throw bad(key, value, "names port " + port + " twice");
            }
        }
        return ports;
    }

    /** Returns the time in microseconds. */
    static long time(String key, String value, long minMillis, long maxMillis) {
        int unit = value.length();
        while (unit > 0 && value.charAt(unit - 1) >= 'a' && value.charAt(unit - 1) <= 'z') {
            unit--;
        }
        long count = number(value.substring(0, unit), maxMillis);
        long millis = millisPerUnit(value.substring(unit));
        if (count < 0 || millis == 0 || count > maxMillis / millis || count * millis < minMillis) {
            throw bad(
                    key,
                    value,
                    "is not a time from " + showTime(minMillis) + " to " + showTime(maxMillis)
                            + "; write a number and its unit ms, s, m or h");
        }
        return count * millis * 1000;
    }

    static ConfigurationException bad(String key, String value, String why) {
        return new ConfigurationException(key + "=" + quote(value) + " " + why);
    }

    /** Makes any text fit for one line of a log. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length() && i < SHOWN; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c != 127 && (c < 128 || Character.isLetterOrDigit(c))) {
                quoted.append(c);
            } else {
                quoted.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
            }
        }
        return quoted.append(text.length() > SHOWN ? "…\"" : "\"").toString();
    }

    static String join(String... names) {
        StringBuilder joined = new StringBuilder();
        for (String name : names) {
            joined.append(joined.length() == 0 ? "" : ", ").append(name);
        }
        return joined.toString();
    }

    private static String[] elements(String list) {
        return list.split("\\+", -1);
    }

    /** Returns -1 if this is no plain decimal number up to the limit; leading zeros are refused, they look octal. */
    private static long number(String digits, long max) {
        if (!isNumber(digits) || digits.length() > 18 || digits.length() > 1 && digits.charAt(0) == '0') {
            return -1;
        }
        long number = Long.parseLong(digits);
        return number > max ? -1 : number;
    }

    private static long millisPerUnit(String unit) {
        switch (unit) {
            case "ms":
                return 1;
            case "s":
                return 1000;
            case "m":
                return 60_000;
            case "h":
                return 3_600_000;
            default:
                return 0;
        }
    }

    private static String showTime(long millis) {
        for (String unit : new String[] {"h", "m", "s"}) {
            if (millis % millisPerUnit(unit) == 0) {
                return millis / millisPerUnit(unit) + unit;
            }
        }
        return millis + "ms";
    }
}

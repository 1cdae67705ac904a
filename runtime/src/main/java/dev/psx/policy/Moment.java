package dev.psx.policy;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** What {@code when} says. */
final class Moment {

    private static final String LISTENING = "listening:";

    private Moment() {}

    /** @param setting null for the default */
    static When read(Setting setting) {
        if (setting == null || setting.value.equals("start")) {
            return When.START;
        }
        if (setting.value.equals("manual")) {
            return When.MANUAL;
        }
        if (setting.value.startsWith(LISTENING)) {
            return When.LISTENING;
        }
        boolean later = setting.value.startsWith("after:") || setting.value.startsWith("method:");
        throw setting.bad((later ? "is not supported by this version, it comes with a later version; it " : "")
                + "is not one of start, listening:PORT+PORT, manual");
    }

    /** A file joins lists by spaces; that the example has + between the ports is no reason to refuse it there. */
    static Set<Integer> ports(Setting setting) {
        Set<Integer> ports = new TreeSet<>();
        String value = setting.value;
        int start = LISTENING.length();
        for (int i = start; i <= value.length(); i++) {
            if (i == value.length()
                    || value.charAt(i) == '+'
                    || setting.place.isInFile() && Text.isBlank(value.charAt(i))) {
                add(ports, setting, new Word(value.substring(start, i), start));
                start = i + 1;
            }
        }
        return Collections.unmodifiableSet(ports);
    }

    private static void add(Set<Integer> ports, Setting setting, Word word) {
        long port = Text.number(word.text, 65535);
        if (port < 1) {
            throw setting.bad(word, "is not a port from 1 to 65535");
        }
        if (!ports.add((int) port)) {
            throw setting.bad(word.offset, "names port " + port + " twice");
        }
    }
}

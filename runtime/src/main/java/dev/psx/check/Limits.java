package dev.psx.check;

import dev.psx.spi.Program;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Resource limits as {@code /proc/PID/limits} shows them. */
final class Limits {

    static final int NPROC = 6; // RLIMIT_NPROC, on both architectures
    static final long INFINITY = -1;

    private static final int NAME_WIDTH = 26;
    private static final String SETS = "prlimit64(RLIMIT_";

    private final String text;

    Limits(String text) {
        this.text = text;
    }

    /** Returns the soft limits that a program sets, by their names in options, as its calls are described: RLIMIT_AS, soft:hard. */
    static Map<String, Long> setBy(Program program) {
        Map<String, Long> limits = new HashMap<>();
        for (int i = 0; i < program.size(); i++) {
            String call = program.describe(i);
            int comma = call.indexOf(", ");
            if (call.startsWith(SETS) && comma > 0) {
                String soft = call.substring(comma + 2, call.indexOf(':'));
                limits.put(
                        call.substring(SETS.length(), comma).toLowerCase(Locale.ROOT),
                        soft.equals("infinity") ? INFINITY : Math.max(INFINITY, Long.parseUnsignedLong(soft)));
            }
        }
        return limits;
    }

    /** Returns a soft limit by the kernel's words for it, such as {@code Max processes}; infinity if there is no such line. */
    long soft(String name) {
        for (String line : text.split("\n")) {
            if (line.startsWith(name + " ") && line.length() > NAME_WIDTH) {
                String value = line.substring(NAME_WIDTH).trim().split(" ")[0];
                return value.equals("unlimited") ? INFINITY : Long.parseUnsignedLong(value);
            }
        }
        return INFINITY;
    }
}

package dev.psx.check;

/** Resource limits as {@code /proc/PID/limits} shows them. */
final class Limits {

    static final int NPROC = 6; // RLIMIT_NPROC, on both architectures
    static final long INFINITY = -1;

    private static final int NAME_WIDTH = 26;

    private final String text;

    Limits(String text) {
        this.text = text;
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

package dev.psx.spi;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Internal: why a resource limit cannot be set, with the hard limit that there is now. */
final class HardLimit {

    private static final int WORDS = 8;

    /** Where an encoded call has the number of the resource. */
    private static final int RESOURCE = 2;

    private static final int LABEL = 26;
    private static final int CAP_SYS_RESOURCE = 24;

    private HardLimit() {}

    /** Returns a part of a message, for EPERM. */
    static String cause(Program program, int index) {
        String call = program.describe(index);
        int start = call.indexOf("RLIMIT_") + "RLIMIT_".length();
        int comma = call.indexOf(',', start);
        String resource = comma < 0 ? "" : call.substring(start, comma);
        String most = mostDescriptors();
        String asked = call.substring(call.indexOf(':') + 1, call.length() - 1);
        if (resource.equals("NOFILE") && most != null && exceeds(asked, most)) {
            return "; the kernel allows no process more than " + most + " (sysctl fs.nr_open): choose no more";
        }
        String now = present((int) program.encoded()[index * WORDS + RESOURCE]);
        String hard = now == null ? "the present hard limit" : "the present hard limit, " + now;
        if (OverflowId.USER.isNamespace()) {
            return "; in a user namespace nobody may raise a hard limit: choose none above " + hard;
        }
        return Lack.of(
                CAP_SYS_RESOURCE,
                "CAP_SYS_RESOURCE",
                " to raise a hard limit: choose none above " + hard
                        + ", or raise it where the JVM is started (systemd: Limit"
                        + resource + "=, Docker: --ulimit " + resource.toLowerCase(java.util.Locale.ROOT) + "=" + asked
                        + "), or start it with that capability (--cap-add SYS_RESOURCE)");
    }

    /** The kernel gives all of such a file to the first read, however short that is. Null if there is none. */
    private static String mostDescriptors() {
        byte[] buffer = new byte[32];
        try (InputStream file = new FileInputStream("/proc/sys/fs/nr_open")) {
            return new String(buffer, 0, Math.max(0, file.read(buffer)), StandardCharsets.US_ASCII).trim();
        } catch (IOException e) {
            return null;
        }
    }

    private static boolean exceeds(String asked, String most) {
        try {
            return asked.equals("infinity")
                    || Long.compareUnsigned(Long.parseUnsignedLong(asked), Long.parseLong(most)) > 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** The kernel lists them in the order of their numbers, behind a line of titles: soft, hard, unit. Null if it cannot be told. */
    private static String present(int resource) {
        String text = ProcText.read("/proc/self/limits");
        String[] lines = text == null ? new String[0] : text.split("\n");
        if (resource < 0 || resource + 1 >= lines.length || lines[resource + 1].length() < LABEL) {
            return null;
        }
        String[] words = lines[resource + 1].substring(LABEL).trim().split(" +");
        return words.length < 2 ? null : words[1];
    }
}

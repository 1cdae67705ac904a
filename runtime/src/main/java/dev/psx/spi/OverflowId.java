package dev.psx.spi;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Internal: in a user namespace the kernel shows every id that the namespace does not map as one and the same number, by default
 * 65534. A task that seems to have that id may have another one, such as a group of the container's host.
 */
public enum OverflowId {
    USER("/proc/sys/kernel/overflowuid", "/proc/self/uid_map"),
    GROUP("/proc/sys/kernel/overflowgid", "/proc/self/gid_map");

    private static final String DEFAULT = "65534";

    /** Every id is mapped to itself: there is nothing to hide. */
    private static final String IDENTITY = "0 0 4294967295";

    private final String number;
    private final String map;

    OverflowId(String number, String map) {
        this.number = number;
        this.map = map;
    }

    /** Whether an id among these, read from a status file, may stand for another one. */
    public boolean ambiguous(int... ids) {
        int shown = shown();
        for (int id : ids) {
            if (id == shown) {
                return isNamespace();
            }
        }
        return false;
    }

    /** Whether there are ids outside that have no number here. */
    boolean isNamespace() {
        return !read(map, "").equals(IDENTITY);
    }

    /** Returns the number that stands for every id without a mapping. */
    int shown() {
        return Integer.parseUnsignedInt(read(number, DEFAULT));
    }

    /** One read with room for all: the files below /proc/sys give the rest of a number to nobody who reads it in pieces. */
    private static String read(String file, String otherwise) {
        byte[] content = new byte[4096];
        try (InputStream in = new FileInputStream(file)) {
            int length = Math.max(0, in.read(content));
            return new String(content, 0, length, StandardCharsets.US_ASCII)
                    .trim()
                    .replaceAll("\\s+", " ");
        } catch (IOException e) {
            return otherwise;
        }
    }
}

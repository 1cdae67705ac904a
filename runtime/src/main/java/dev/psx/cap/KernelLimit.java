package dev.psx.cap;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.AccessController;
import java.security.PrivilegedAction;

/** How many capabilities the running kernel knows. It cannot change while it runs, so it is read once. */
final class KernelLimit {

    static final int COUNT = AccessController.doPrivileged((PrivilegedAction<Integer>) KernelLimit::read);

    private static final int LONGEST = 32;

    private KernelLimit() {}

    private static int read() {
        byte[] buffer = new byte[LONGEST];
        try (InputStream file = new FileInputStream("/proc/sys/kernel/cap_last_cap")) {
            // The kernel gives all of it to the first read, however short that is, and nothing to the second.
            int size = Math.max(0, file.read(buffer));
            int count = Integer.parseInt(new String(buffer, 0, size, StandardCharsets.US_ASCII).trim()) + 1;
            return Math.max(1, Math.min(count, Capability.PLACES));
        } catch (IOException | NumberFormatException e) {
            return Capability.values().length; // no /proc, or Linux before 3.2
        }
    }
}

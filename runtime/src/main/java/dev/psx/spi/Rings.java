package dev.psx.spi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Internal: asks the io_uring rings of a process which tasks poll them. A poller's name proves nothing, because any thread of the
 * process can rename it.
 */
public final class Rings {

    private static final String RING = "anon_inode:[io_uring]";
    private static final String POLLED_BY = "\nSqThread:";

    private Rings() {}

    /**
     * Returns the rings to which the process has a descriptor.
     *
     * @param directory the process's, or one of its tasks', below {@code /proc}
     * @return for each descriptor the task that polls the ring; 0 or less if none does
     * @throws IOException if the descriptors may not be listed, or the task has ended
     */
    public static Map<Integer, Integer> of(Path directory) throws IOException {
        Map<Integer, Integer> rings = new TreeMap<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(directory.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                addRing(descriptor, directory.resolve("fdinfo").resolve(descriptor.getFileName()), rings);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return rings;
    }

    /**
     * Returns the numbers of the tasks that poll a ring to which the process has a descriptor.
     *
     * @param directory as for {@link #of}
     * @throws IOException as there
     */
    public static Set<Integer> pollers(Path directory) throws IOException {
        Set<Integer> pollers = new HashSet<>(of(directory).values());
        pollers.remove(0);
        pollers.remove(-1);
        return pollers;
    }

    private static void addRing(Path descriptor, Path info, Map<Integer, Integer> rings) {
        try {
            if (Files.readSymbolicLink(descriptor).toString().equals(RING)) {
                int poller = poller("\n" + new String(Files.readAllBytes(info), StandardCharsets.US_ASCII));
                rings.put(Integer.valueOf(descriptor.getFileName().toString()), poller);
            }
        } catch (IOException e) {
            return; // closed meanwhile
        }
    }

    /** Returns the task that polls the ring with this fdinfo; 0 or less if none does. */
    static int poller(String info) {
        int at = info.indexOf(POLLED_BY) + POLLED_BY.length();
        if (at < POLLED_BY.length()) {
            return 0;
        }
        int end = info.indexOf('\n', at);
        try {
            return Integer.parseInt(
                    info.substring(at, end < 0 ? info.length() : end).trim());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}

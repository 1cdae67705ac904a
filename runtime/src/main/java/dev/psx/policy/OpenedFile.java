package dev.psx.policy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Map;

/**
 * Owner and mode of an opened file, as fstat(2) gives them.
 *
 * <p>Java tells no channel's descriptor. So the channel is moved to a place in the file that no other descriptor is likely to be at,
 * and /proc says which one is there.
 */
final class OpenedFile {

    private static final Path DESCRIPTORS = Paths.get("/proc/self/fd");
    private static final Path DETAILS = Paths.get("/proc/self/fdinfo");
    private static final long FARTHEST = (1L << 33) - 1;
    private static final int ODD = 1 << 20;

    final int owner;
    final int mode;

    private OpenedFile(Map<String, Object> attributes) {
        owner = (Integer) attributes.get("uid");
        mode = (Integer) attributes.get("mode");
    }

    /** Leaves the channel at its start. */
    static OpenedFile of(FileChannel channel) throws IOException {
        long mark = (System.nanoTime() & FARTHEST) | ODD;
        channel.position(mark);
        try {
            return at("pos:\t" + mark + "\n");
        } finally {
            channel.position(0);
        }
    }

    private static OpenedFile at(String mark) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : all) {
                if (details(descriptor.getFileName()).startsWith(mark)) {
                    return new OpenedFile(Files.readAttributes(descriptor, "unix:uid,mode"));
                }
            }
        }
        throw new IOException("its descriptor is not listed in " + DESCRIPTORS);
    }

    /** A descriptor may have been closed meanwhile. */
    private static String details(Path number) {
        try {
            return new String(Files.readAllBytes(DETAILS.resolve(number.toString())), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}

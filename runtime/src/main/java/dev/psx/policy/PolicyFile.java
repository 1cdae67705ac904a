package dev.psx.policy;

import dev.psx.spi.StatusFile;
import dev.psx.spi.TrustedPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Reads a file that decides about privileges: one that nobody but root and this process's user can have written.
 *
 * <p>First the way to it is judged, and that it is a regular file: nothing else is opened, for that could wait for ever (a FIFO) or
 * act (a device). Then the opened file itself: what counts is the descriptor that is read, not what the name meant before.
 */
final class PolicyFile {

    /** It has paths, some twice. */
    private static final int LONGEST_REASON = 1000;

    private static final int LARGEST = 1 << 16;
    private static final int TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int WRITABLE_BY_OTHERS = 0022;

    private PolicyFile() {}

    /** Reads the file that an option names; what is wrong is said at that option. */
    static byte[] read(Setting setting) {
        try {
            return content(setting.value);
        } catch (IOException | InvalidPathException e) {
            throw setting.bad("cannot be used: " + reason(e));
        }
    }

    static byte[] read(String file) {
        try {
            return content(file);
        } catch (IOException | InvalidPathException e) {
            throw new PolicyException("policy file " + Text.quote(file) + " cannot be used: " + reason(e));
        }
    }

    private static byte[] content(String name) throws IOException {
        if (name.isEmpty()) {
            throw new IOException("its name is empty; give the path of a file");
        }
        Path path = Paths.get(name);
        if (Files.isSymbolicLink(path)) {
            throw new IOException("it is a symbolic link; give the path of the file itself");
        }
        int euid = euid();
        Path real = new TrustedPath(euid).follow(path);
        checkMode(real, TrustedPath.mode(real));
        try (FileChannel channel = FileChannel.open(real, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            OpenedFile opened = OpenedFile.of(channel);
            checkMode(real, opened.mode);
            if (opened.owner != 0 && opened.owner != euid) {
                throw new IOException(
                        "it belongs to uid " + Integer.toUnsignedString(opened.owner) + ": chown root " + real);
            }
            return content(channel);
        }
    }

    private static void checkMode(Path file, int mode) throws IOException {
        if ((mode & TYPE) != REGULAR) {
            throw new IOException("it is not a regular file");
        }
        if ((mode & WRITABLE_BY_OTHERS) != 0) {
            throw new IOException("it may be written by others (mode " + Integer.toOctalString(mode & 07777)
                    + "): chmod go-w " + file);
        }
    }

    private static byte[] content(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(LARGEST + 1);
        int count;
        do {
            count = channel.read(buffer);
        } while (count >= 0 && buffer.hasRemaining());
        if (!buffer.hasRemaining()) {
            throw new IOException("it is larger than " + LARGEST + " bytes");
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private static int euid() throws IOException {
        byte[] status = Files.readAllBytes(Paths.get("/proc/self/status"));
        return StatusFile.parse(new String(status, StandardCharsets.ISO_8859_1)).uid()[1];
    }

    private static String reason(Exception e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        String reason = e instanceof FileSystemException ? ((FileSystemException) e).getReason() : e.getMessage();
        return reason == null ? e.toString() : Text.plain(reason, LONGEST_REASON);
    }
}

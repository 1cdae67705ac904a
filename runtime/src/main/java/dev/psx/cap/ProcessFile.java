package dev.psx.cap;

import dev.psx.Credentials;
import dev.psx.ErrnoException;
import dev.psx.spi.Errno;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;

/** What {@code /proc} says about another process. */
final class ProcessFile {

    private ProcessFile() {}

    static Credentials credentials(int pid) {
        Path status = Paths.get("/proc", Integer.toString(pid), "status");
        try {
            return Credentials.parse(new String(Files.readAllBytes(status), StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw failure(status, Errno.ESRCH); // it ended while its file was read
        } catch (IOException e) {
            if (e instanceof AccessDeniedException) {
                throw failure(status, Errno.EACCES);
            }
            if (e instanceof NoSuchFileException
                    || String.valueOf(e.getMessage()).contains("No such process")) {
                throw failure(status, Errno.ESRCH);
            }
            throw new UncheckedIOException(e);
        }
    }

    private static ErrnoException failure(Path file, int errno) {
        String message = file + " cannot be read: " + Errno.name(errno) + " (" + Errno.describe(errno) + ")";
        return new ErrnoException("open", errno, message);
    }
}

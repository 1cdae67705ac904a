package dev.psx.process;

import dev.psx.spi.Errno;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/**
 * Says what forkAndExec says when it fails: there are applications that read the number out of it. The form is another one from Java 25 on, and
 * in some updates of older releases: its library has it.
 */
final class ForkFailures {

    private static final String NEWER = "%s, error: %d (%s) %s";

    private final boolean newer;

    ForkFailures(boolean newer) {
        this.newer = newer;
    }

    static ForkFailures ofJdk() {
        String home = System.getProperty("java.home");
        File library = new File(home, "lib/libjava.so");
        try {
            byte[] content = Files.readAllBytes(library.toPath());
            return new ForkFailures(new String(content, StandardCharsets.ISO_8859_1).contains(NEWER));
        } catch (IOException | SecurityException e) {
            return new ForkFailures(false); // Java 8 has it elsewhere, in the older form
        }
    }

    /**
     * @param step what failed; null for the program itself, or its directory
     * @param cause what is known beyond the error, possibly nothing
     */
    IOException of(String step, int error, String cause) {
        String text = Errno.describe(error);
        String why = cause.startsWith("; ") ? cause.substring(2) : cause;
        if (newer) {
            return new IOException(
                    (step == null ? "Exec" : step) + " failed, error: " + error + " (" + text + ") " + why);
        }
        return new IOException(
                "error=" + error + ", " + (step == null ? "" : step + ": ") + text + (why.isEmpty() ? "" : "; " + why));
    }
}

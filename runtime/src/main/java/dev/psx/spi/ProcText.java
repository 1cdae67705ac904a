package dev.psx.spi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;

/** Internal: files below /proc as text. */
public final class ProcText {

    private ProcText() {}

    /** Returns all of a file, however long: a task may have 65536 groups. Null if it is not there, not readable, or empty. */
    public static String read(String file) {
        try {
            byte[] content = Files.readAllBytes(Paths.get(file));
            return content.length == 0 ? null : new String(content, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return null;
        }
    }
}

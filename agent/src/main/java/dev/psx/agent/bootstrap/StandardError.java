package dev.psx.agent.bootstrap;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes the agent's lines. Not by System.err: the application may have redirected that, even to its standard output, and its
 * lock may be held by a thread that waits for us.
 */
public final class StandardError {

    private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.err);

    private StandardError() {}

    /** Writes one line by one system call, so that lines of several processes do not mix. */
    public static void line(String text) {
        String line = text.replace('\n', ' ').replace('\r', ' ');
        try {
            OUT.write(("psx-agent: " + line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // Standard error is closed: there is nobody to tell.
        }
    }
}

package dev.psx.spi;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Internal: writes our lines. Not by System.err: the application may have redirected that, even to its standard output, and its
 * lock may be held by a thread that waits for us.
 */
public final class StandardError {

    private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.err);

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private StandardError() {}

    /**
     * Writes one line by one system call, so that lines of several processes do not mix. A reader that takes nothing (a full
     * pipe) holds up the caller for a moment only.
     */
    public static void line(final String text) {
        Thread writer;
        try {
            writer = new Thread(
                    new Runnable() {
                        @Override
                        public void run() {
                            write(text);
                        }
                    },
                    "psx-agent message");
            writer.setDaemon(true);
            writer.start();
        } catch (Throwable e) {
            // No memory for a thread, or a security manager that wants none.
            write(text);
            return;
        }
        join(writer);
    }

    private static void write(String text) {
        String line = text.replace('\n', ' ').replace('\r', ' ');
        try {
            OUT.write(("psx-agent: " + line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // Standard error is closed: there is nobody to tell.
        }
    }

    private static void join(Thread writer) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        boolean interrupted = false;
        for (long left = PATIENCE_NANOS; left > 0 && writer.isAlive(); left = deadline - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(writer, left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

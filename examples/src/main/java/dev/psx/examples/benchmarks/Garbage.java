package dev.psx.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;

/**
 * An application's garbage: 64 MB that live, and so much that soon dies that the collector works about once in each period with
 * {@code -Xmn16m}.
 */
final class Garbage implements AutoCloseable {

    private static final int LIVE = 64 * 1024;
    private static final int YOUNG = 16 * 1024;
    private static final int PIECE = 1024;

    private final Deque<byte[]> live = new ArrayDeque<>();
    private final Recording recording = new Recording();

    Garbage() {
        for (int i = 0; i < LIVE; i++) {
            live.add(new byte[PIECE]);
        }
        recording.enable("jdk.GCPhasePause");
        recording.start();
    }

    /** Each fourth piece stays for some time, as a cache's or a session's would. */
    void one() {
        for (int i = 0; i < YOUNG; i++) {
            byte[] piece = new byte[PIECE];
            if (i % 4 == 0) {
                live.add(piece);
                live.remove();
            }
        }
    }

    /** How long the JVM itself says that it stopped all threads, in nanoseconds. */
    long[] pauses() throws IOException {
        recording.stop();
        Path file = Files.createTempFile("pauses", ".jfr");
        try {
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream()
                    .mapToLong(event -> event.getDuration().toNanos())
                    .toArray();
        } finally {
            Files.delete(file);
        }
    }

    @Override
    public void close() {
        recording.close();
    }
}

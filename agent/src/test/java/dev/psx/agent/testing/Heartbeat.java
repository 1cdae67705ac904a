package dev.psx.agent.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** When one thread last ran code of its own, by the monotonic clock, and as whom: out of the file that outlives its process. */
public record Heartbeat(long time, long euid) {

    private static final int SIZE = 4096;
    private static final int CELL = 3 * Long.BYTES;
    private static final long SECOND = 1_000_000_000;

    /** An empty file for the heartbeats of one application. */
    public static Path file(Path directory) {
        try {
            return Files.write(Files.createTempFile(directory, "beats", ""), new byte[SIZE]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last heartbeat of each thread. */
    public static List<Heartbeat> all(Path file) {
        ByteBuffer memory = read(file);
        return IntStream.range(1, SIZE / CELL)
                .mapToObj(cell ->
                        new Heartbeat(memory.getLong(cell * CELL), memory.getLong(cell * CELL + 2 * Long.BYTES)))
                .filter(beat -> beat.time > 0)
                .toList();
    }

    /** When the first task changed, if somebody has noted that. */
    public static long change(Path file) {
        ByteBuffer memory = read(file);
        return memory.getLong(0) * SECOND + memory.getLong(Long.BYTES);
    }

    private static ByteBuffer read(Path file) {
        try {
            return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

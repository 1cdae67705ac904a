package dev.psx.agent.apps;

import dev.psx.spi.Syscalls;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Threads that do nothing but write into a file's memory when they last ran, how often, and with which effective uid. The file
 * shows it even after the process has been ended. Cells of three numbers; the first cell is left to others.
 */
final class Heartbeats {

    private static final int CELL = 3 * Long.BYTES;
    private static final int SIZE = 4096;
    private static final int SLEEP_MICROS = 100;

    private final MappedByteBuffer memory;
    private final long address;
    private int count;

    Heartbeats(String file) throws IOException {
        try (FileChannel channel = FileChannel.open(Path.of(file), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
        }
        memory.order(ByteOrder.nativeOrder());
        address = Deviants.map(file, SIZE);
    }

    /** Where the kernel may write a time: seconds and nanoseconds. */
    long changeAddress() {
        return address;
    }

    /** As many threads of each sort: of Java, native ones that always run, and native ones that sleep in between. */
    void start(int javaThreads, int nativeThreads, int sleepers) {
        for (int i = 0; i < javaThreads; i++) {
            int cell = (i + 1) * CELL;
            Thread thread = new Thread(() -> beat(cell), "beat-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        check(Deviants.startBeats(address + (javaThreads + 1L) * CELL, nativeThreads, 0));
        check(Deviants.startBeats(address + (javaThreads + nativeThreads + 1L) * CELL, sleepers, SLEEP_MICROS));
        count = javaThreads + nativeThreads + sleepers;
        awaitAll();
    }

    /** Waits until each has run once more. */
    void awaitAll() {
        for (int cell = 1; cell <= count; cell++) {
            int at = cell * CELL + Long.BYTES;
            long seen = memory.getLong(at);
            while (memory.getLong(at) < seen + 2) {
                Thread.onSpinWait();
            }
        }
    }

    private static void check(int result) {
        if (result < 0) {
            throw new IllegalStateException("errno " + -result);
        }
    }

    private void beat(int cell) {
        long geteuid = Syscalls.number("geteuid");
        for (long count = 1; ; count++) {
            long euid = Fixture.syscall(geteuid, 0, 0, 0);
            long time = System.nanoTime();
            memory.putLong(cell + 2 * Long.BYTES, euid);
            memory.putLong(cell, time);
            memory.putLong(cell + Long.BYTES, count);
        }
    }
}

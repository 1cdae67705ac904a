package dev.psx.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreadTableTest {

    private static final int HEADER = 128;
    private static final int ENTRY = 128;

    @TempDir
    private Path directory;

    @Test
    void entriesByTid() {
        ByteBuffer table = table(1000);
        put(table, 0, 11, 2, 1, "main");
        put(table, 511, 12, 0, 20, "");
        put(table, 512, 13, 4, 21, "x".repeat(95));
        put(table, 999, 14, 6, Long.MAX_VALUE, "\u4e2d\ud83d\ude00");
        ThreadTable read = ThreadTable.parse(table);

        assertThat(read.tgid()).isEqualTo(4711);
        assertThat(read.overflow()).isEqualTo(3);
        assertThat(read.entries()).containsOnlyKeys(11, 12, 13, 14);
        assertThat(read.entries().get(11).name).isEqualTo("main");
        assertThat(read.entries().get(12).name).isEmpty();
        assertThat(read.entries().get(12).javaId).isEqualTo(20);
        assertThat(read.entries().get(13).name).isEqualTo("x".repeat(95));
        assertThat(read.entries().get(14).name).isEqualTo("\u4e2d\ud83d\ude00");
        assertThat(table.position()).isZero();
    }

    @Test
    void entriesBeingWrittenOrEndedAreLeftOut() {
        ByteBuffer table = table(3);
        put(table, 0, 11, 3, 1, "being written");
        put(table, 1, 0, 2, 1, "ended");
        put(table, 2, -5, 2, 1, "forged");

        assertThat(ThreadTable.parse(table).entries()).isEmpty();
    }

    @Test
    void nameWithoutAnEndStopsAtItsField() {
        ByteBuffer table = table(2);
        put(table, 0, 11, 2, 1, "y".repeat(96));
        put(table, 1, 12, 2, 1, "z");

        assertThat(ThreadTable.parse(table).entries().get(11).name).isEqualTo("y".repeat(96));
    }

    @Test
    void brokenUtf8IsReplaced() {
        ByteBuffer table = table(1);
        put(table, 0, 11, 2, 1, "");
        table.put(HEADER + 16, (byte) 0xff).put(HEADER + 17, (byte) 'a');

        assertThat(ThreadTable.parse(table).entries().get(11).name).isEqualTo("\ufffda");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1234", // magic
        "8, 0",
        "8, 16",
        "8, -1",
        "8, 5000",
        "8, 2147483647",
        "12, 0",
        "12, 64",
        "12, -128",
        "12, 5000",
        "12, 2147483647",
        "16, -1",
        "16, 3",
        "16, 4194305",
        "16, 2147483647"
    })
    void forgedHeaderIsRefused(int offset, int value) {
        ByteBuffer table = table(2);
        table.putInt(offset, value);

        assertThatThrownBy(() -> ThreadTable.parse(table)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "31", "127", "128", "383"})
    void shortTableIsRefused(int size) {
        ByteBuffer table = table(2);
        table.limit(size);

        assertThatThrownBy(() -> ThreadTable.parse(table)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void largerEntriesOfALaterVersionAreRead() {
        ByteBuffer table = ByteBuffer.allocate(160 + 2 * 256).order(ByteOrder.nativeOrder());
        table.putLong(0, ThreadTable.MAGIC).putInt(8, 160).putInt(12, 256).putInt(16, 2);
        table.putInt(160 + 256, 11).putInt(160 + 256 + 4, 2).put(160 + 256 + 16, (byte) 'x');

        assertThat(ThreadTable.parse(table).entries().get(11).name).isEqualTo("x");
    }

    @Test
    void tableThatIsWrittenWhileItIsReadGivesNoMixedEntry() throws Exception {
        Path file = directory.resolve("table");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.write(table(600));
            ByteBuffer live = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size())
                    .order(ByteOrder.nativeOrder());
            put(live, 1, 77, 2, 77, "still");
            AtomicBoolean stop = new AtomicBoolean();
            Thread writer = new Thread(() -> write(live, stop));
            writer.start();
            try {
                for (int i = 0; i < 300; i++) {
                    ThreadTable read = ThreadTable.read(channel);
                    assertThat(read.entries().get(77).name).isEqualTo("still");
                    read.entries()
                            .forEach((tid, entry) -> assertThat(entry.name)
                                    .isEqualTo(
                                            tid == 77
                                                    ? "still"
                                                    : String.valueOf((char) ('a' + tid))
                                                            .repeat(90)));
                }
            } finally {
                stop.set(true);
                writer.join();
            }
        }
    }

    /** Keeps giving one entry to other threads, in the order of psx.h: sequence odd, content, sequence even. */
    private static void write(ByteBuffer live, AtomicBoolean stop) {
        int at = HEADER + 300 * ENTRY;
        int sequence = 0;
        for (int tid = 1; !stop.get(); tid = tid % 20 + 1) {
            live.putInt(at + 4, ++sequence);
            stop.compareAndSet(true, true);
            put(
                    live,
                    300,
                    tid,
                    sequence,
                    tid,
                    String.valueOf((char) ('a' + tid)).repeat(90));
            stop.compareAndSet(true, true);
            live.putInt(at + 4, ++sequence);
            stop.compareAndSet(true, true);
        }
    }

    @Test
    void truncatedFileIsAnError() throws IOException {
        Path file = directory.resolve("short");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.write(table(2));
            channel.truncate(200);

            assertThatThrownBy(() -> ThreadTable.read(channel)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static ByteBuffer table(int capacity) {
        ByteBuffer table = ByteBuffer.allocate(HEADER + capacity * ENTRY).order(ByteOrder.nativeOrder());
        table.putLong(0, ThreadTable.MAGIC).putInt(8, HEADER).putInt(12, ENTRY).putInt(16, capacity);
        return table.putInt(20, 4711).putLong(24, 3);
    }

    private static void put(ByteBuffer table, int index, int tid, int sequence, long javaId, String name) {
        int at = HEADER + index * ENTRY;
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        table.putInt(at, tid).putInt(at + 4, sequence).putLong(at + 8, javaId);
        for (int i = 0; i < bytes.length; i++) {
            table.put(at + 16 + i, bytes[i]);
        }
    }
}

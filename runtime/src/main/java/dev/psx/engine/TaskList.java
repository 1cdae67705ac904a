package dev.psx.engine;

import dev.psx.spi.Errno;
import dev.psx.spi.ThreadTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The tasks of this process, read through the directory that the engine opened at its start: it goes on working when /proc is
 * hidden or belongs to root.
 */
final class TaskList {

    private static final byte[] STAT = NativeText.zeroTerminated("stat");
    private static final byte[] STATUS = NativeText.zeroTerminated("status");

    /** Enough for a status file with 65,536 groups. */
    private static final int BUFFER_SIZE = 1 << 20;

    /** The field of stat that holds the kernel's flags, counted from the one behind the name. */
    private static final int FLAGS_FIELD = 6;

    private final EngineLibrary engine;
    private final TableFile table;

    TaskList(EngineLibrary engine, TableFile table) {
        this.engine = engine;
        this.table = table;
    }

    /** Answers the request "tasks". Tasks that end meanwhile are left out. */
    Object[] read() {
        Map<Integer, ThreadTable.Entry> registered = table.read();
        List<Object> tasks = new ArrayList<>();
        try (NativeMemory buffer = new NativeMemory(BUFFER_SIZE)) {
            for (int tid : tids()) {
                String stat = read(tid, STAT, buffer);
                String status = read(tid, STATUS, buffer);
                if (stat != null && status != null) {
                    tasks.add(task(tid, flags(stat), registered.get(tid), comm(stat), status));
                }
            }
        }
        return tasks.toArray();
    }

    /** Answers the request "task-file": device and inode of what a link of the task leads to; null if that cannot be told. */
    long[] file(int tid, String name) {
        long[] id = new long[2];
        return engine.taskFile(tid, NativeText.zeroTerminated(name), id) < 0 ? null : id;
    }

    private static Object[] task(int tid, int flags, ThreadTable.Entry entry, String comm, String status) {
        return new Object[] {
            new int[] {tid, entry == null ? 0 : 1, flags},
            entry == null ? null : entry.javaId,
            comm,
            status,
            entry == null ? null : entry.name
        };
    }

    private int[] tids() {
        int[] tids;
        long count = 1024;
        synchronized (engine) { // who lists the tasks keeps a broadcast out, and the other way round
            do {
                tids = new int[(int) count * 2];
                count = engine.tasks(tids);
            } while (count > tids.length);
        }
        if (count < 0) {
            throw new IllegalStateException("the tasks of this process cannot be listed: " + Errno.name((int) -count)
                    + " (" + Errno.describe((int) -count) + ")");
        }
        return Arrays.copyOf(tids, (int) count);
    }

    private String read(int tid, byte[] name, NativeMemory buffer) {
        long count = engine.taskRead(tid, name, buffer.pointer(), BUFFER_SIZE);
        return count <= 0 ? null : new String(buffer.pointer().getByteArray(0, (int) count), StandardCharsets.UTF_8);
    }

    /** The name in parentheses may hold anything, also parentheses; the numbers follow the last one. */
    static String comm(String stat) {
        return stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    }

    static int flags(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (int) Long.parseLong(fields[FLAGS_FIELD]);
    }
}

package dev.psx.engine;

import dev.psx.spi.Errno;
import dev.psx.spi.ExecLockState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Turns the port's requests into calls of the engine: one at a time, because the engine has one set of slots and one report. */
final class Broadcaster {

    static final int WORDS = 8;
    private static final int ARGUMENTS = 6;
    private static final int MAX_CALLS = 128;
    private static final int MARK_BITS = 8;
    private static final long MARK_MASK = (1 << MARK_BITS) - 1;

    private final EngineLibrary engine;
    private final Report report = new Report();

    /** Of earlier broadcasts: a task that was asleep in the kernel may still have to run their programs. */
    private final List<NativeMemory> owed = new ArrayList<>();

    private volatile int maxPauseMicros = 200_000;
    private volatile int giveUpMicros = 3_000_000;

    Broadcaster(EngineLibrary engine) {
        this.engine = engine;
    }

    void configure(Long maxPause, Long giveUp) {
        if (maxPause != null) {
            maxPauseMicros = Math.toIntExact(maxPause);
        }
        if (giveUp != null) {
            giveUpMicros = Math.toIntExact(giveUp);
        }
    }

    /** Waits for the exec lock as long as for the tasks. */
    boolean lock() {
        return ExecLockState.tryExclusive(giveUpNanos());
    }

    long giveUpNanos() {
        return TimeUnit.MICROSECONDS.toNanos(giveUpMicros);
    }

    /** Answers the request "broadcast". */
    Object[] broadcast(long[] program, byte[][] blobs, int haltCode) {
        int[] options = {maxPauseMicros, giveUpMicros, haltCode, 0};
        if (!lock()) {
            return new Object[] {Report.unreachable(), new long[0], whyNoLock()};
        }
        try {
            synchronized (engine) {
                return broadcastLocked(program, blobs, options);
            }
        } finally {
            ExecLockState.exitExclusive();
        }
    }

    private Object[] broadcastLocked(long[] program, byte[][] blobs, int[] options) {
        List<NativeMemory> memory = new ArrayList<>();
        try {
            long[] encoded = encode(program, blobs, memory);
            long error = engine.broadcast(encoded, encoded.length / WORDS, options, report.prepare());
            if (error < 0) {
                return new Object[] {Report.error(error), new long[0], null};
            }
            settle(memory);
            return new Object[] {report.header(), report.entries(), null};
        } finally {
            free(memory);
        }
    }

    /**
     * Answers the request "exec", unless the process has become another program.
     *
     * @param head offsets of path, arguments and environment in the memory
     * @param addresses which words of the memory are offsets in it
     */
    Object[] exec(long[] head, byte[] memory, int[] addresses, int[] kept) {
        if (!lock()) {
            return new Object[] {Report.unreachable(), new long[0], whyNoLock()};
        }
        try (NativeMemory block = NativeMemory.of(memory, addresses)) {
            long[] exec = {
                block.address() + head[0], block.address() + head[1], block.address() + head[2], 0, kept.length
            };
            synchronized (engine) {
                long error = engine.exec(exec, kept, new int[] {maxPauseMicros, giveUpMicros, 0, 0}, report.prepare());
                return error < 0
                        ? new Object[] {Report.error(error), new long[0], null}
                        : new Object[] {report.header(), report.entries(), null};
            }
        } finally {
            ExecLockState.exitExclusive();
        }
    }

    private static String whyNoLock() {
        return "the exec lock was not free within give-up: " + ExecLockState.obstacle();
    }

    /** Answers the request "trial". */
    Object[] trial(long[] program, byte[][] blobs) {
        List<NativeMemory> memory = new ArrayList<>();
        try {
            long[] encoded = encode(program, blobs, memory);
            synchronized (engine) {
                long error = engine.trial(encoded, encoded.length / WORDS, report.prepare());
                if (error == -Errno.ETIMEDOUT) {
                    memory.clear(); // a call that the process is in may still write there
                }
                return new Object[] {error < 0 ? Report.error(error) : report.header()};
            }
        } finally {
            free(memory);
        }
    }

    /** Answers the request "own". Needs no lock: it is the calling task's own affair. */
    Object[] own(long[] program, byte[][] blobs) {
        List<NativeMemory> memory = new ArrayList<>();
        try {
            long[] encoded = encode(program, blobs, memory);
            long result = 0;
            for (int call = 0; call < encoded.length && !Errno.isError(result); call += WORDS) {
                result = engine.syscall(
                        encoded[call],
                        encoded[call + 1],
                        encoded[call + 2],
                        encoded[call + 3],
                        encoded[call + 4],
                        encoded[call + 5],
                        encoded[call + 6]);
            }
            byte[][] after = new byte[blobs.length][];
            for (int i = 0; i < after.length; i++) {
                after[i] = memory.get(i).pointer().getByteArray(0, blobs[i].length);
            }
            return new Object[] {result, after};
        } finally {
            free(memory);
        }
    }

    /**
     * A broadcast that was carried out proves that nobody owed an earlier one. Whoever is pending in this one reads its blobs at
     * some later moment: they are kept.
     */
    private void settle(List<NativeMemory> memory) {
        if (report.carriedOut()) {
            free(owed);
            if (report.anyPending()) {
                owed.addAll(memory);
                memory.clear();
            }
        }
    }

    static void free(List<NativeMemory> memory) {
        for (NativeMemory each : memory) {
            each.close();
        }
        memory.clear();
    }

    /** Replaces the indices of blobs by addresses. The layout of {@code struct psx_call} is otherwise the port's. */
    static long[] encode(long[] program, byte[][] blobs, List<NativeMemory> memory) {
        if (program.length == 0 || program.length % WORDS != 0 || program.length / WORDS > MAX_CALLS) {
            throw new IllegalArgumentException("a program has 1 to " + MAX_CALLS + " calls of " + WORDS
                    + " words each; this one has " + program.length + " words");
        }
        return withAddresses(program, blobs, memory);
    }

    /** The blobs' copies come last in the list. */
    static long[] withAddresses(long[] program, byte[][] blobs, List<NativeMemory> memory) {
        int first = memory.size();
        for (byte[] blob : blobs) {
            memory.add(NativeMemory.of(blob));
        }
        long[] encoded = Arrays.copyOf(program, program.length);
        for (int call = 0; call < encoded.length; call += WORDS) {
            long word = encoded[call + WORDS - 1];
            for (int i = 0; i < ARGUMENTS; i++) {
                if ((word >> (MARK_BITS + i) & 1) != 0) {
                    encoded[call + 1 + i] =
                            memory.get(first + (int) encoded[call + 1 + i]).address();
                }
            }
            encoded[call + WORDS - 1] = word & MARK_MASK;
        }
        return encoded;
    }
}

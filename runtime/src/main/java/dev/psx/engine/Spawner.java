package dev.psx.engine;

import com.sun.jna.Pointer;
import dev.psx.spi.ExecLockState;
import dev.psx.spi.LastChild;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Answers the request "spawn": lays out what the engine needs to make a child, in one block of memory. */
final class Spawner {

    // struct psx_spawn
    private static final int CLONE_FLAGS = 0;
    private static final int CGROUP = 8;
    private static final int CALLS = 12;
    private static final int CALL = 16;
    private static final int SETGROUPS = 24;
    private static final int STACK = 48;
    private static final int STACK_SIZE = 56;
    private static final int GIVE_UP = 64;
    private static final int PID = 72;
    private static final int PIDFD = 76;
    private static final int FAILED_CALL = 80;
    private static final int PHASE = 84;
    private static final int ERROR = 88;
    private static final int SIZE = 96;

    /** Of struct psx_child_call; the port's have the same form. */
    private static final int WORDS = 9;

    private static final int FLAGS = 7;
    private static final int VALUE = 8;
    private static final int ARGUMENTS = 6;

    /** In the flags, but not for the engine: which arguments, and whether the value, are offsets in the memory. */
    private static final int ADDRESS = 1 << 16;

    private static final int VALUE_IS_ADDRESS = 1 << 22;
    private static final long ENGINE_FLAGS = 0xFFFF_FFFF_0000_FFFFL;

    private static final long LEAST_STACK = 32_768;
    private static final int LOST = 8;

    private final EngineLibrary engine;

    Spawner(EngineLibrary engine) {
        this.engine = engine;
    }

    /**
     * Makes a child.
     *
     * @param head clone flags, cgroup or -1, offsets of the texts for setgroups, uid_map and gid_map or -1, time in ns
     * @param addresses which words of the memory are offsets in it
     * @return result, pid, pidfd, failed call, phase, error
     */
    long[] spawn(long[] head, long[] calls, byte[] memory, int[] addresses) {
        long callBytes = (long) calls.length * Long.BYTES;
        long memoryAt = SIZE + callBytes;
        long stackAt = memoryAt + memory.length + 15 & -16L;
        long stack = LEAST_STACK + callBytes;
        NativeMemory block = new NativeMemory(stackAt + stack);
        boolean lost = false;
        try {
            Pointer p = block.pointer();
            long base = block.address() + memoryAt;
            p.write(SIZE, addressed(calls, base), 0, calls.length);
            p.write(memoryAt, addressed(memory, addresses, base), 0, memory.length);
            p.setLong(CLONE_FLAGS, head[0]);
            p.setInt(CGROUP, (int) head[1]);
            p.setInt(CALLS, calls.length / WORDS);
            p.setLong(CALL, block.address() + SIZE);
            for (int i = 0; i < 3; i++) {
                p.setLong(SETGROUPS + i * (long) Long.BYTES, head[2 + i] < 0 ? 0 : base + head[2 + i]);
            }
            p.setLong(STACK, block.address() + stackAt);
            p.setLong(STACK_SIZE, stack);
            p.setLong(GIVE_UP, head[5]);
            long result = locked(p);
            lost = p.getInt(PHASE) == LOST;
            return new long[] {
                result, p.getInt(PID), p.getInt(PIDFD), p.getInt(FAILED_CALL), p.getInt(PHASE), p.getLong(ERROR)
            };
        } finally {
            if (!lost) { // otherwise the child still uses it
                block.close();
            }
        }
    }

    /** No broadcast begins before the child has its program. */
    private long locked(Pointer spawn) {
        ExecLockState.enterShared();
        try {
            return engine.spawn(spawn);
        } finally {
            LastChild.made();
            ExecLockState.exitShared();
        }
    }

    private static byte[] addressed(byte[] memory, int[] addresses, long base) {
        byte[] bytes = memory.clone();
        ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        for (int at : addresses) {
            words.putLong(at, base + words.getLong(at));
        }
        return bytes;
    }

    private static long[] addressed(long[] calls, long base) {
        long[] words = calls.clone();
        for (int call = 0; call < words.length; call += WORDS) {
            long flags = words[call + FLAGS];
            for (int i = 0; i < ARGUMENTS; i++) {
                if ((flags & ADDRESS << i) != 0) {
                    words[call + 1 + i] += base;
                }
            }
            if ((flags & VALUE_IS_ADDRESS) != 0) {
                words[call + VALUE] += base;
            }
            words[call + FLAGS] = flags & ENGINE_FLAGS;
        }
        return words;
    }
}

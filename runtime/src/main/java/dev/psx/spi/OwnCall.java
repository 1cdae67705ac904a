package dev.psx.spi;

import java.util.function.Function;

/**
 * Internal: a system call that the calling task alone makes: one that looks at something, or that concerns files. What changes
 * the task itself must be a {@link Broadcast}.
 */
public final class OwnCall {

    private static final int WORDS = 8;

    /** What the kernel returned: -errno if the call failed. */
    public final long result;

    private final byte[][] blobs;

    private OwnCall(Object[] answer) {
        result = (Long) answer[0];
        blobs = (byte[][]) answer[1];
    }

    /** Makes the one call of a program, whatever its result is. */
    public static OwnCall make(Function<Object[], Object> port, Program program) {
        return new OwnCall((Object[]) port.apply(new Object[] {"own", program.encoded(), program.blobs()}));
    }

    /**
     * Makes the one call of a program, which must succeed.
     *
     * @throws dev.psx.ErrnoException if it failed
     */
    public static OwnCall require(Function<Object[], Object> port, Program program) {
        OwnCall call = make(port, program);
        if (Errno.isError(call.result)) {
            throw Failures.callFailed(program, 0, call.result);
        }
        return call;
    }

    /** Returns an argument in memory as it is after the call. */
    public byte[] blob(int index) {
        return blobs[index];
    }

    /** Whether an encoded program, which may be anything, has only calls that change nothing. */
    public static boolean onlyLooks(long[] program) {
        for (int call = 0; call + WORDS <= program.length; call += WORDS) {
            String name = Syscalls.name(program[call]);
            boolean looks = name.equals("capget")
                    || name.equals("getxattr")
                    || name.equals("fgetxattr")
                    || name.equals("getresuid")
                    || name.equals("getresgid")
                    || name.equals("getgroups")
                    || (name.equals("prctl") && CapabilityCalls.onlyLooks(program[call + 1], program[call + 2]));
            if (!looks) {
                return false;
            }
        }
        return true;
    }
}

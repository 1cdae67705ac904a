package dev.psx.drop;

import dev.psx.spi.Errno;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Function;

/** Internal: the clocks of the kernel that Java does not show. */
final class Clocks {

    private static final long BOOT_TIME = 7;

    /** CPUCLOCK_SCHED: to the nanosecond, also of a process that is running. */
    private static final long PRECISE = 2;

    private static final long SECOND = 1_000_000_000L;

    private Clocks() {}

    /** Returns the time since the system's start in nanoseconds; below 0 if it cannot be had. */
    static long sinceBoot(Function<Object[], Object> port) {
        return read(port, BOOT_TIME);
    }

    /** Returns how long a process has been on a processor, in nanoseconds; below 0 if that cannot be had. */
    static long processorTime(Function<Object[], Object> port, int pid) {
        return read(port, ~(long) pid << 3 | PRECISE);
    }

    private static long read(Function<Object[], Object> port, long clock) {
        OwnCall call = OwnCall.make(
                port, new Program().addShown("clock_gettime", "clock_gettime", clock, new byte[2 * Long.BYTES]));
        if (Errno.isError(call.result)) {
            return call.result;
        }
        ByteBuffer time = ByteBuffer.wrap(call.blob(0)).order(ByteOrder.nativeOrder());
        return time.getLong() * SECOND + time.getLong();
    }
}

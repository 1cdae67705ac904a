package dev.psx.process;

import dev.psx.spi.Errno;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Function;

/** The system calls that handle descriptors and processes, made by the calling thread. Each gives what the kernel does: -errno if it failed. */
final class Kernel {

    static final int EINTR = 4;

    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_CREAT = 0100;
    static final int O_TRUNC = 01000;
    static final int O_APPEND = 02000;
    static final int O_CLOEXEC = 02000000;
    static final int O_PATH = 010000000;

    static final int POLLIN = 1;
    static final int POLLOUT = 4;
    static final int POLLERR = 8;
    static final int POLLHUP = 16;

    private static final int AT_FDCWD = -100;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int READABLE_BY_ALL = 0666;

    private final Function<Object[], Object> port;

    Kernel(Function<Object[], Object> port) {
        this.port = port;
    }

    Function<Object[], Object> port() {
        return port;
    }

    /** Makes one call again as long as a signal interrupts it. */
    OwnCall call(Program one) {
        OwnCall call = OwnCall.make(port, one);
        while (call.result == -EINTR) {
            call = OwnCall.make(port, one);
        }
        return call;
    }

    long call(String name, long... arguments) {
        return call(new Program().add(name, arguments)).result;
    }

    /** Opens some pipes at once: the two ends of each. All are -errno if there is one that cannot be opened. */
    int[] pipes(int count) {
        Program program = new Program();
        byte[] none = {-1, -1, -1, -1, -1, -1, -1, -1};
        for (int i = 0; i < count; i++) {
            program.addShown("pipe2", "pipe2", none, O_CLOEXEC);
        }
        OwnCall call = OwnCall.make(port, program);
        int[] ends = new int[2 * count];
        for (int i = 0; i < count; i++) {
            ByteBuffer pair = words(call.blob(i));
            ends[2 * i] = pair.getInt(0);
            ends[2 * i + 1] = pair.getInt(Integer.BYTES);
        }
        if (Errno.isError(call.result)) {
            for (int i = 0; i < ends.length; i++) {
                close(ends[i]);
                ends[i] = (int) call.result;
            }
        }
        return ends;
    }

    long open(String path, int flags) {
        byte[] name = Texts.zeroTerminated(path);
        return call(new Program().addShown("openat", "openat", AT_FDCWD, name, flags | O_CLOEXEC, READABLE_BY_ALL))
                .result;
    }

    long duplicate(int descriptor) {
        return call("fcntl", descriptor, F_DUPFD_CLOEXEC, 3);
    }

    void close(int descriptor) {
        if (descriptor >= 0) {
            OwnCall.make(port, new Program().add("close", descriptor)); // also after EINTR it is closed
        }
    }

    /** Reads at most as much as there is room. */
    int read(int descriptor, byte[] to, int from, int length) {
        OwnCall call = call(new Program().addShown("read", "read", descriptor, new byte[length], length));
        if (call.result > 0) {
            System.arraycopy(call.blob(0), 0, to, from, (int) call.result);
        }
        return (int) call.result;
    }

    int write(int descriptor, byte[] content) {
        return (int) call(new Program().addShown("write", "write", descriptor, content, content.length)).result;
    }

    /** Returns which of these events there are now. */
    int poll(int descriptor, int events) {
        return poll(descriptor, events, new byte[2 * Long.BYTES]);
    }

    /** Waits for one of these events. */
    void awaitEvent(int descriptor, int events) {
        poll(descriptor, events, 0L);
    }

    /** Waits for one of these events, but no longer than this, and not beyond a signal. */
    boolean hasEventWithin(int descriptor, int events, long nanos) {
        byte[] timeout = ByteBuffer.allocate(2 * Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(nanos / 1_000_000_000)
                .putLong(nanos % 1_000_000_000)
                .array();
        return OwnCall.make(port, pollOf(descriptor, events, timeout)).result > 0;
    }

    private int poll(int descriptor, int events, Object timeout) {
        OwnCall call = call(pollOf(descriptor, events, timeout));
        return words(call.blob(0)).getShort(Integer.BYTES + Short.BYTES);
    }

    private static Program pollOf(int descriptor, int events, Object timeout) {
        byte[] entry = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(descriptor)
                .putShort((short) events)
                .array();
        return new Program().addShown("ppoll", "ppoll", entry, 1, timeout, 0, 0);
    }

    static ByteBuffer words(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }
}

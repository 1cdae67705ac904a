package dev.psx.process;

import dev.psx.spi.Errno;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The one thread that waits for the ends of all children, and for those of their pipes that outlive them. */
final class ExitLoop implements Runnable {

    static final int EPOLLIN = 1;

    private static final int EPOLL_CLOEXEC = 02000000;
    private static final int EPOLLONESHOT = 1 << 30;
    private static final int ADD = 1;
    private static final int DEL = 2;
    private static final int MOD = 3;
    private static final int EEXIST = 17;
    private static final int EVENTS = 64;

    /** struct epoll_event is packed on x86-64 only. */
    private static final int DATA = System.getProperty("os.arch", "").equals("aarch64") ? 8 : 4;

    private static final int EVENT_SIZE = DATA + Long.BYTES;

    private static ExitLoop started;

    private final Kernel kernel;
    private final int epoll;
    private final Map<Long, Runnable> watched = new ConcurrentHashMap<>();
    private final AtomicLong next = new AtomicLong();

    private ExitLoop(Kernel kernel, int epoll) {
        this.kernel = kernel;
        this.epoll = epoll;
    }

    /** Returns null where epoll is not to be had. */
    static synchronized ExitLoop get(Kernel kernel) {
        if (started == null) {
            long epoll = kernel.call("epoll_create1", EPOLL_CLOEXEC);
            if (epoll < 0) {
                return null;
            }
            started = new ExitLoop(kernel, (int) epoll);
            Threads.start("psx children", started);
        }
        return started;
    }

    /**
     * Runs something once, when a descriptor has one of these events or is at its end.
     *
     * @return what {@link #forget} takes; 0 if it is not possible
     */
    long watch(int descriptor, int events, Runnable then) {
        long id = next.incrementAndGet();
        watched.put(id, then);
        long result = control(ADD, descriptor, events | EPOLLONESHOT, id);
        if (result == -EEXIST) {
            result = control(MOD, descriptor, events | EPOLLONESHOT, id);
        }
        if (result != 0) {
            watched.remove(id);
            return 0;
        }
        return id;
    }

    /** No longer runs what was to be run. */
    void forget(long id) {
        watched.remove(id);
    }

    /** A descriptor is about to be closed of which there may be duplicates: they would keep it watched. */
    void unwatch(int descriptor) {
        control(DEL, descriptor, 0, 0);
    }

    private long control(int operation, int descriptor, int events, long id) {
        byte[] event = ByteBuffer.allocate(EVENT_SIZE)
                .order(ByteOrder.nativeOrder())
                .putInt(0, events)
                .putLong(DATA, id)
                .array();
        return kernel.call(new Program().addShown("epoll_ctl", "epoll_ctl", epoll, operation, descriptor, event))
                .result;
    }

    @Override
    public void run() {
        Program wait = new Program()
                .addShown("epoll_pwait", "epoll_pwait", epoll, new byte[EVENTS * EVENT_SIZE], EVENTS, -1, 0, 0);
        while (true) {
            OwnCall call = OwnCall.make(kernel.port(), wait);
            if (!Errno.isError(call.result)) { // EINTR, as after each broadcast
                ByteBuffer events = Kernel.words(call.blob(0));
                for (int i = 0; i < call.result; i++) {
                    handle(events.getLong(i * EVENT_SIZE + DATA));
                }
            }
        }
    }

    private void handle(long id) {
        Runnable then = watched.remove(id);
        if (then != null) {
            try {
                then.run();
            } catch (RuntimeException | Error e) { // all other children still depend on this thread
                Thread.currentThread().getUncaughtExceptionHandler().uncaughtException(Thread.currentThread(), e);
            }
        }
    }
}

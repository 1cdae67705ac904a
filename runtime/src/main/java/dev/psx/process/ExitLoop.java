package dev.psx.process;

import dev.psx.spi.Errno;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** The one thread that waits for the ends of all children, and for those of their pipes that outlive them. */
final class ExitLoop implements Runnable {

    static final int EPOLLIN = 1;

    private static final int EPOLL_CLOEXEC = 02000000;
    private static final int EPOLLONESHOT = 1 << 30;
    private static final int ADD = 1;
    private static final int DELETE = 2;
    private static final int MOD = 3;
    private static final int EEXIST = 17;
    private static final int EVENTS = 64;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

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
            ExitLoop loop = new ExitLoop(kernel, (int) epoll);
            startThread(loop, kernel);
            started = loop;
        }
        return started;
    }

    private static void startThread(ExitLoop loop, Kernel kernel) {
        boolean running = false;
        try {
            Threads.start("psx children", loop);
            running = true;
        } finally {
            if (!running) {
                kernel.close(loop.epoll);
            }
        }
    }

    /**
     * Runs something once, when a descriptor has one of these events or is at its end. Closing it is enough to be rid of it: once it has had
     * its event it has no other, even if there are duplicates.
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

    /**
     * Takes back what was to be run, because the caller will wait for it itself.
     *
     * @return false if it is being run already, or has been taken back by another
     */
    boolean withdraw(int descriptor, long id) {
        boolean withdrawn = watched.remove(id) != null;
        if (withdrawn) {
            control(DELETE, descriptor, 0, 0);
        }
        return withdrawn;
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
            if (Errno.isError(call.result)) {
                if (call.result != -Kernel.EINTR) { // as after each broadcast
                    LockSupport.parkNanos(PAUSE_NANOS); // somebody has closed our descriptor
                }
            } else {
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

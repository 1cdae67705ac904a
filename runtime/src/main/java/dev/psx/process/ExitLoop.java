package dev.psx.process;

import dev.psx.spi.Errno;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The one thread that waits for the ends of all children, and for those of their pipes that outlive them. All depend on it: nothing
 * ends it, neither a lack of memory nor that somebody closes its descriptor.
 */
final class ExitLoop implements Runnable {

    static final int EPOLLIN = 1;

    private static final int EPOLL_CLOEXEC = 02000000;
    private static final int EPOLLONESHOT = 1 << 30;
    private static final int ADD = 1;
    private static final int DELETE = 2;
    private static final int MOD = 3;
    private static final int ENOENT = 2;
    private static final int EEXIST = 17;
    private static final int EVENTS = 64;
    private static final int PAUSE_MILLIS = 50;

    /** Who waits by a descriptor does not see it closed: at the next look it is. */
    private static final int LOOK_MILLIS = 10_000;

    /** Whoever closes descriptors that are not his may put another epoll in the place of this one: its events have other numbers. */
    private static final long FIRST_ID = 0x7073_7800_0000_0000L;

    /** struct epoll_event is packed on x86-64 only. */
    private static final int DATA = System.getProperty("os.arch", "").equals("aarch64") ? 8 : 4;

    private static final int EVENT_SIZE = DATA + Long.BYTES;

    private static ExitLoop started;

    private final Kernel kernel;
    private final Map<Long, Watch> watched = new ConcurrentHashMap<>();
    private final AtomicLong next = new AtomicLong(FIRST_ID);
    private volatile int epoll;

    // Of the thread only:
    private Program wait;
    private Program waitBriefly;
    private Watch later;
    private boolean reported;

    private volatile boolean lost;

    private ExitLoop(Kernel kernel, int epoll) {
        this.kernel = kernel;
        use(epoll);
    }

    private void use(int descriptor) {
        wait = waiting(descriptor, LOOK_MILLIS);
        waitBriefly = waiting(descriptor, PAUSE_MILLIS);
        epoll = descriptor;
    }

    private static Program waiting(int descriptor, int timeout) {
        byte[] events = new byte[EVENTS * EVENT_SIZE];
        return new Program().addShown("epoll_pwait", "epoll_pwait", descriptor, events, EVENTS, timeout, 0, 0);
    }

    /** Returns null where epoll is not to be had. */
    static synchronized ExitLoop get(Kernel kernel) {
        if (started == null) {
            int epoll = create(kernel);
            if (epoll < 0) {
                return null;
            }
            boolean running = false;
            try {
                ExitLoop loop = new ExitLoop(kernel, epoll);
                Threads.start("psx children", loop);
                running = true;
                started = loop;
            } finally {
                if (!running) {
                    kernel.close(epoll);
                }
            }
        }
        return started;
    }

    /** A filter may let it be made, but not waited for. */
    private static int create(Kernel kernel) {
        int created = (int) kernel.call("epoll_create1", EPOLL_CLOEXEC);
        long result = created < 0 ? 0 : kernel.call(waiting(created, 0)).result;
        if (Errno.isError(result)) {
            kernel.close(created);
            return (int) result;
        }
        return created;
    }

    /**
     * Runs something when a descriptor has one of these events or is at its end: once, unless it returns false (not yet) or fails; then
     * again, a little later. Closing the descriptor is enough to be rid of it: once it has had its event it has no other, even if there
     * are duplicates.
     *
     * @return what {@link #forget} takes; 0 if it is not possible
     */
    long watch(int descriptor, int events, BooleanSupplier then) {
        long id = next.incrementAndGet();
        Watch watch = new Watch(id, descriptor, events, then);
        watched.put(id, watch);
        int asked;
        long result;
        do {
            asked = epoll;
            result = control(ADD, watch);
            if (result == -EEXIST) {
                result = control(MOD, watch);
            }
        } while (asked != epoll);
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
    boolean withdraw(long id) {
        Watch watch = watched.get(id);
        if (watch == null || !watch.compareAndSet(false, true)) {
            return false;
        }
        boolean withdrawn = false;
        try {
            control(DELETE, watch);
            watched.remove(id);
            withdrawn = true;
        } finally {
            if (!withdrawn) {
                watch.set(false);
                lost = true;
            }
        }
        return true;
    }

    private long control(int operation, Watch watch) {
        byte[] event = ByteBuffer.allocate(EVENT_SIZE)
                .order(ByteOrder.nativeOrder())
                .putInt(0, watch.events | EPOLLONESHOT)
                .putLong(DATA, watch.id)
                .array();
        return kernel.call(new Program().addShown("epoll_ctl", "epoll_ctl", epoll, operation, watch.descriptor, event))
                .result;
    }

    @Override
    public void run() {
        while (true) {
            try {
                round();
            } catch (Throwable e) { // no memory: what the kernel has told may not have come here
                lost = true;
                pause();
            }
        }
    }

    private void round() {
        if (lost) {
            lost = false;
            askAgain();
        }
        doLater();
        OwnCall call = OwnCall.make(kernel.port(), later == null ? wait : waitBriefly);
        if (!Errno.isError(call.result)) {
            handle(Kernel.words(call.blob(0)), (int) call.result);
        } else if (call.result != -Kernel.EINTR) { // as after each broadcast
            replace();
        }
    }

    private void handle(ByteBuffer events, int count) {
        for (int i = 0; i < count; i++) {
            long id = events.getLong(i * EVENT_SIZE + DATA);
            if (id < FIRST_ID || id > next.get()) {
                replace();
                return;
            }
            handle(watched.get(id));
        }
    }

    private void handle(Watch watch) {
        if (watch != null && watch.compareAndSet(false, true)) {
            watched.remove(watch.id);
            act(watch);
        }
    }

    private void act(Watch watch) {
        boolean done = false;
        try {
            done = watch.then.getAsBoolean();
        } catch (Throwable e) {
            report(e);
        }
        if (!done) {
            watch.next = later;
            later = watch;
        }
    }

    private void doLater() {
        Watch watch = later;
        later = null;
        while (watch != null) {
            Watch after = watch.next;
            act(watch);
            watch = after;
        }
    }

    /** Somebody has closed our descriptor. What has its number now is not ours to close. */
    private void replace() {
        lost = true;
        int created = create(kernel);
        if (created < 0) {
            pause();
        } else {
            use(created);
        }
    }

    private void askAgain() {
        for (Watch watch : watched.values()) {
            long result = control(MOD, watch);
            if (result == -ENOENT) {
                result = control(ADD, watch);
            }
            if (result != 0 && result != -EEXIST) {
                handle(watch); // its descriptor is closed, too
            }
        }
    }

    /** Once is enough, and the application's handler may do anything. */
    private void report(Throwable failure) {
        if (reported || failure instanceof OutOfMemoryError) {
            return;
        }
        reported = true;
        try {
            Thread self = Thread.currentThread();
            self.getUncaughtExceptionHandler().uncaughtException(self, failure);
        } catch (Throwable e) {
            return; // it has been told
        }
    }

    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
    }

    /** True when it is somebody's: the thread's, to run it, or of who has taken it back. */
    private static final class Watch extends AtomicBoolean {

        private static final long serialVersionUID = 1;

        final long id;
        final int descriptor;
        final int events;
        final transient BooleanSupplier then;
        transient Watch next;

        Watch(long id, int descriptor, int events, BooleanSupplier then) {
            this.id = id;
            this.descriptor = descriptor;
            this.events = events;
            this.then = then;
        }
    }
}

package dev.psx;

import dev.psx.spi.Access;
import java.util.function.Function;

/**
 * The lock that keeps broadcasts and the creation of threads and processes apart.
 *
 * <p>While a broadcast is under way, no thread may be born and no child may be between fork and a completed exec: it could
 * carry the old credentials away. {@link Thread#start} and {@link ProcessBuilder#start} are covered by the agent. Code that
 * creates threads or processes in ways of its own (native code called from Java) takes the lock for that moment:
 *
 * <pre>{@code
 * try (ExecLock lock = ExecLock.shared()) {
 *     pid = nativeSpawn(program);      // returns when exec is done
 * }
 * }</pre>
 *
 * <p>A child whose exec is done before a broadcast begins is a process of its own with the credentials of that time. Its first
 * instruction may come after the broadcast has returned: the kernel still has its program to load, and perhaps no processor for it.
 * A {@link dev.psx.plan.PrivilegePlan} waits a while for such children, and reports those that do not come.
 *
 * <p>Hold it for the creating call and no more. A broadcast waits for those who hold it, for at most {@code give-up}; then it
 * fails and names them. Any number of threads may hold it shared at the same time. It is reentrant, but a thread that holds it
 * shared cannot take it exclusively, nor start a broadcast.
 *
 * <p>It must be closed by the thread that took it, which try-with-resources ensures.
 */
public final class ExecLock implements AutoCloseable {

    private final Thread owner = Thread.currentThread();
    private final Function<Object[], Object> port;
    private final String side;
    private boolean closed;

    private ExecLock(Function<Object[], Object> port, String side) {
        this.port = port;
        this.side = side;
    }

    /**
     * Takes the lock shared: no broadcast begins until it is closed. Waits for a broadcast that is under way.
     *
     * @return the lock, held; close it in this thread
     * @throws IllegalStateException if there is no engine in this process; the cause says why
     */
    public static ExecLock shared() {
        return Access.call(port -> take(port, "shared"));
    }

    /**
     * Takes the lock exclusively: nobody who respects the lock creates a thread or a process, nor broadcasts, until it is
     * closed. Waits for at most {@code give-up} for those who hold it.
     *
     * <p>The thread that holds it may itself create threads and processes and start broadcasts.
     *
     * @return the lock, held; close it in this thread
     * @throws IllegalStateException if others held it all the time, if this thread holds it shared, or if there is no engine in
     *     this process
     */
    public static ExecLock exclusive() {
        return Access.call(port -> take(port, "exclusive"));
    }

    static ExecLock take(Function<Object[], Object> port, String side) {
        ExecLock lock = new ExecLock(port, side);
        if (!Boolean.TRUE.equals(port.apply(new Object[] {"lock-" + side}))) {
            throw new IllegalStateException("the exec lock was held by others all the time");
        }
        return lock;
    }

    /**
     * Gives the lock back. Closing it again does nothing.
     *
     * @throws IllegalMonitorStateException if another thread took it
     */
    @Override
    public void close() {
        if (Thread.currentThread() != owner) {
            throw new IllegalMonitorStateException("the exec lock was taken by thread \"" + owner.getName()
                    + "\", not by \"" + Thread.currentThread().getName() + "\"");
        }
        if (!closed) {
            port.apply(new Object[] {"unlock-" + side});
            closed = true;
        }
    }
}

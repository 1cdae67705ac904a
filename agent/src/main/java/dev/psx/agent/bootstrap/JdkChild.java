package dev.psx.agent.bootstrap;

import java.lang.ref.WeakReference;
import java.util.function.Function;

/**
 * A child of ProcessBuilder, held by a pidfd from the fork to the reaping. Signals and the closing exclude each other, so the
 * descriptor's number is never another's.
 */
final class JdkChild {

    private static final int EPERM = 1;
    private static final int ESRCH = 3;
    private static final int WORDS = 8;
    private static final byte[][] NOTHING = {};

    private final Function<Object[], Object> port;
    private final ChildCalls calls;
    private int descriptor;
    private boolean reaped;
    private boolean fresh;
    private WeakReference<Object> handle;

    private JdkChild(Function<Object[], Object> port, ChildCalls calls, int descriptor) {
        this.port = port;
        this.calls = calls;
        this.descriptor = descriptor;
    }

    /** Returns null where there is no pidfd to be had. */
    static JdkChild open(Function<Object[], Object> port, ChildCalls calls, long pid) {
        long descriptor = call(port, calls.open, pid, 0);
        return descriptor < 0 ? null : new JdkChild(port, calls, (int) descriptor);
    }

    /** One that has just been made, with its pidfd. */
    static JdkChild made(Function<Object[], Object> port, ChildCalls calls, int descriptor) {
        JdkChild child = new JdkChild(port, calls, descriptor);
        child.fresh = true;
        return child;
    }

    /** Whether this is asked for the first time of one that was made with its pidfd. */
    synchronized boolean wasFresh() {
        boolean was = fresh;
        fresh = false;
        return was;
    }

    /** Returns 1 if it was sent, 0 if the process is gone or not this one's to signal, and below 0 if this is no way to send it. */
    synchronized int signal(int signal) {
        if (reaped) {
            return 0;
        }
        if (descriptor < 0) {
            return -1;
        }
        long result = call(port, calls.signal, descriptor, signal);
        if (result == 0) {
            return 1;
        }
        return result == -ESRCH || result == -EPERM ? 0 : -1;
    }

    synchronized void known(Object object) {
        handle = new WeakReference<>(object);
    }

    /** Whether this is the JDK's object, or its equal: another handle with the same process id and the same start. */
    synchronized boolean isKnownAs(Object other) {
        Object known = handle == null ? null : handle.get();
        return other.equals(known);
    }

    synchronized boolean isReaped() {
        return reaped;
    }

    synchronized void reaped() {
        reaped = true;
        close();
    }

    /** Nobody can ask for it any more. */
    synchronized void close() {
        int open = descriptor;
        if (open >= 0) {
            call(port, calls.close, open, 0);
            descriptor = -1;
        }
    }

    private static long call(Function<Object[], Object> port, long number, long first, long second) {
        long[] program = new long[WORDS];
        program[0] = number;
        program[1] = first;
        program[2] = second;
        return (Long) ((Object[]) port.apply(new Object[] {"own", program, NOTHING}))[0];
    }
}

package dev.psx.agent.bootstrap;

import dev.psx.spi.ForkAndExec;
import dev.psx.spi.ForkRequest;
import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.security.AccessController;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The children that the JDK has started, each with its pidfd. A child that has not been reaped keeps its process id, so until
 * then it is found by that. Afterwards the id may be a stranger's, and only the object by which the JDK knows the child
 * (ProcessHandleImpl, on Java 8 UNIXProcess) still leads to it, for as long as the application has it.
 *
 * <p>Nothing here may hinder the JDK: where it fails, what the JDK does by itself is done.
 */
public final class JdkChildren {

    private static final int NOT_HERE = -1;
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;

    private static final ConcurrentHashMap<Long, JdkChild> UNREAPED = new ConcurrentHashMap<>();
    private static final ConcurrentHashMap<Known, JdkChild> KNOWN = new ConcurrentHashMap<>();
    private static final ReferenceQueue<Object> FORGOTTEN = new ReferenceQueue<>();

    private static volatile Function<Object[], Object> port;
    private static ChildCalls calls;
    private static volatile ForkAndExec fork;

    private JdkChildren() {}

    /**
     * From now on children get a pidfd.
     *
     * @param self a process that is there: all is tried with it, so that nothing is loaded for the first time by a reaper,
     *     whose stack is small
     * @return false where the kernel, or a filter before it, has none
     */
    public static boolean start(Function<Object[], Object> engine, long self) {
        calls = new ChildCalls();
        JdkChild trial = JdkChild.open(engine, calls, self);
        if (trial == null) {
            return false;
        }
        Object handle = new Object();
        UNREAPED.put(self, trial);
        known(handle, self);
        boolean works = trial.signal(0) > 0;
        reaped(self, true);
        works &= hasEnded(handle) && destroyed(handle, self, false) == 0;
        KNOWN.remove(new Known(handle, null));
        if (works) {
            port = engine;
        }
        return works;
    }

    /** What is known stays known, but no more children get a pidfd. */
    public static void stop() {
        port = null;
    }

    /** How children are made where the JDK's own way has been replaced. */
    public static void makeBy(ForkAndExec maker) {
        fork = maker;
    }

    /** Makes a child in the place of the JDK. */
    static int fork(ForkRequest request) throws IOException {
        int[] made = start(fork, request);
        try {
            adopt(made[0], made[1]);
        } catch (Throwable e) {
            // It has no pidfd then; but it is there, and the JDK must learn of it.
        }
        return made[0];
    }

    /** With our own rights: the application's code that starts a process is on the stack. */
    private static int[] start(ForkAndExec maker, ForkRequest request) throws IOException {
        try {
            return AccessController.doPrivileged(new PrivilegedExceptionAction<int[]>() {
                @Override
                public int[] run() throws IOException {
                    return maker.start(request);
                }
            });
        } catch (PrivilegedActionException e) {
            throw (IOException) e.getException();
        }
    }

    private static void adopt(long pid, int descriptor) {
        Function<Object[], Object> engine = port;
        if (engine != null && descriptor >= 0) {
            UNREAPED.put(pid, JdkChild.made(engine, calls, descriptor));
        } else {
            fork.close(descriptor);
        }
    }

    /** A child has been made; nobody has waited for it yet. */
    static void forked(long pid) {
        Function<Object[], Object> engine = port;
        if (engine == null) {
            return;
        }
        forget();
        JdkChild made = UNREAPED.get(pid);
        if (made != null && made.wasFresh()) {
            return;
        }
        JdkChild child = JdkChild.open(engine, calls, pid);
        if (child == null) {
            UNREAPED.remove(pid);
        } else {
            UNREAPED.put(pid, child);
        }
    }

    /** By this object the JDK knows the child from now on. */
    static void known(Object handle, long pid) {
        JdkChild child = UNREAPED.get(pid);
        if (child != null) {
            child.known(handle);
            KNOWN.put(new Known(handle, FORGOTTEN), child);
        }
    }

    /** The JDK has waited for the process. */
    static void reaped(long pid, boolean reaps) {
        JdkChild child = reaps ? UNREAPED.remove(pid) : null;
        if (child != null) {
            child.reaped();
        }
    }

    /** As {@link JdkChild#signal}. */
    static int destroyed(Object handle, long pid, boolean forcibly) {
        JdkChild child = KNOWN.get(new Known(handle, null));
        if (child == null) {
            JdkChild current = UNREAPED.get(pid);
            child = current != null && current.isKnownAs(handle) ? current : null;
        }
        return child == null ? NOT_HERE : child.signal(forcibly ? SIGKILL : SIGTERM);
    }

    static boolean hasEnded(Object handle) {
        JdkChild child = KNOWN.get(new Known(handle, null));
        return child != null && child.isReaped();
    }

    /** Also those that the JDK will never reap, because it has no thread for that: their objects are gone, too. */
    private static void forget() {
        Reference<?> gone = FORGOTTEN.poll();
        while (gone != null) {
            JdkChild child = KNOWN.remove(gone);
            if (child != null) {
                child.close();
            }
            gone = FORGOTTEN.poll();
        }
    }

    /** The object itself and none that equals it: two processes with one id may have begun in the same hundredth of a second. */
    private static final class Known extends WeakReference<Object> {

        private final int hash;

        Known(Object handle, ReferenceQueue<Object> queue) {
            super(handle, queue);
            hash = System.identityHashCode(handle);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            if (this == other) {
                return true;
            }
            Object handle = get();
            return handle != null && other instanceof Known && ((Known) other).get() == handle;
        }
    }
}

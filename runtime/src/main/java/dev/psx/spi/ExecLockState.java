package dev.psx.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Internal: the exec lock of this process. Whoever creates a thread or a process holds it shared for exactly that call; a
 * broadcast holds it exclusively. Both sides are reentrant, and who holds it exclusively may also take it shared.
 *
 * <p>There is one per engine: it counts only in the copy of this class that belongs to the engine's class loader. Other copies
 * come here through {@link EnginePort}.
 */
public final class ExecLockState {

    /**
     * Frames that a thread must have left on its stack. One that is near the end of its stack shall meet its
     * StackOverflowError before it has taken the lock, not half way in, and not on the way out.
     */
    private static final int SPARE_FRAMES = 200;

    private static final ExecLockGate GATE = new ExecLockGate();

    private static final ThreadLocal<Hold> HOLD = new ThreadLocal<>();

    /** Those inside and those who want in; only there to name them when somebody waited in vain. */
    private static final Set<Hold> HOLDS = ConcurrentHashMap.newKeySet();

    private static volatile Thread writer;

    /** Of the writer only. */
    private static int writerDepth;

    private ExecLockState() {}

    /**
     * Takes the lock shared; waits while another thread holds it exclusively. Not interruptible, the interrupt is kept.
     *
     * <p>If this throws (no memory, no stack) the lock is not held.
     */
    public static void enterShared() {
        enter(hold(), false);
    }

    /**
     * Gives the lock back that {@link #enterShared} took.
     *
     * @throws IllegalMonitorStateException if this thread does not hold it shared
     */
    public static void exitShared() {
        Hold hold = HOLD.get();
        if (hold == null) {
            HOLD.remove();
            throw new IllegalMonitorStateException("the exec lock is not held shared by " + caller());
        }
        exit(hold, false);
    }

    /** As {@link #enterShared}, by code instrumented in the JDK that is about to create a thread or a process. */
    public static void beginCreation() {
        enter(hold(), true);
    }

    /** What {@link #beginCreation} announced has been done or has failed. Does nothing if nothing was announced. */
    public static void endCreation() {
        Hold hold = HOLD.get();
        if (hold == null) {
            HOLD.remove();
        } else if (hold.creations > 0) {
            exit(hold, true);
        }
    }

    /**
     * Takes the lock exclusively, waiting at most this long for others. Not interruptible, the interrupt is kept.
     *
     * @return false if others held it all the time; {@link #holders} names them
     * @throws IllegalStateException if this thread holds the lock shared: two that wanted to rise would wait for each other
     */
    public static boolean tryExclusive(long nanos) {
        spareStack(SPARE_FRAMES);
        Thread self = Thread.currentThread();
        if (writer != self) {
            if (sharedDepth() > 0) {
                throw new IllegalStateException(
                        caller()
                                + " holds the exec lock shared (it is creating a thread or a process) and cannot take it exclusively");
            }
            if (!GATE.tryEnterExclusive(nanos)) {
                return false;
            }
            writer = self;
        }
        writerDepth++;
        return true;
    }

    /**
     * Gives the lock back that {@link #tryExclusive} took.
     *
     * @throws IllegalMonitorStateException if this thread does not hold it exclusively
     */
    public static void exitExclusive() {
        if (writer != Thread.currentThread()) {
            throw new IllegalMonitorStateException("the exec lock is not held exclusively by " + caller());
        }
        if (writerDepth == 1) {
            boolean stay = sharedDepth() > 0;
            writerDepth = 0;
            writer = null;
            GATE.exitExclusive(stay);
        } else {
            writerDepth--;
        }
    }

    /** Returns what keeps the lock from being taken exclusively: who holds it now, and what for. */
    public static String obstacle() {
        Thread exclusive = writer;
        if (exclusive != null) {
            return "a broadcast is under way by thread " + exclusive.getName();
        }
        return "a thread or a process is being created by threads " + holders();
    }

    /** Returns the names of the threads that hold the lock now, shared or exclusively. */
    public static List<String> holders() {
        List<String> names = new ArrayList<>();
        Thread exclusive = writer;
        if (exclusive != null) {
            names.add(exclusive.getName());
        }
        for (Hold hold : HOLDS) {
            if (hold.depth > 0 && hold.thread != exclusive) {
                names.add(hold.thread.getName());
            }
        }
        return names;
    }

    /** All that can fail comes before the gate is entered; behind it there are assignments only. */
    private static void enter(Hold hold, boolean creation) {
        try {
            spareStack(SPARE_FRAMES);
            if (hold.depth == 0 && writer != hold.thread) {
                GATE.enterShared();
            }
            hold.depth++;
            if (creation) {
                hold.creations++;
            }
        } finally {
            if (hold.depth == 0) {
                forget(hold);
            }
        }
    }

    private static void exit(Hold hold, boolean creation) {
        if (creation) {
            hold.creations--;
        }
        hold.depth--;
        if (hold.depth == 0) {
            if (writer != hold.thread) {
                GATE.exitShared();
            }
            forget(hold);
        }
    }

    private static Hold hold() {
        Hold hold = HOLD.get();
        if (hold == null) {
            hold = new Hold(Thread.currentThread());
            HOLD.set(hold);
            HOLDS.add(hold);
        }
        return hold;
    }

    private static void forget(Hold hold) {
        HOLDS.remove(hold);
        HOLD.remove();
    }

    private static int sharedDepth() {
        Hold hold = HOLD.get();
        if (hold == null) {
            HOLD.remove();
            return 0;
        }
        return hold.depth;
    }

    private static int spareStack(int frames) {
        return frames == 0 ? 0 : spareStack(frames - 1) + 1;
    }

    private static String caller() {
        return "thread \"" + Thread.currentThread().getName() + "\"";
    }

    /** Changed by its own thread only; others read the depth. */
    private static final class Hold {

        final Thread thread;
        volatile int depth;
        int creations;

        Hold(Thread thread) {
            this.thread = thread;
        }
    }
}

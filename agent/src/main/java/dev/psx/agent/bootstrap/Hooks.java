package dev.psx.agent.bootstrap;

import dev.psx.spi.ExecLockState;
import dev.psx.spi.ForkRequest;
import dev.psx.spi.LastChild;
import java.io.IOException;

/**
 * What code instrumented in the JDK calls. It runs in the middle of {@link Thread#start} and the like, in every thread: no
 * logging, no lambdas, nothing that loads classes for the first time, and nothing thrown that the JVM would not throw there.
 */
public final class Hooks {

    private Hooks() {}

    /**
     * A thread or a process is about to be created. Throws only what the JVM throws there itself when it has no memory or no
     * stack left, and then nothing is created: going on without the lock would break what it promises.
     */
    public static void beforeCreate() {
        ExecLockState.beginCreation();
    }

    /** It has been created. */
    public static void afterCreate() {
        ExecLockState.endCreation();
    }

    /** Loads what {@link #afterFork} needs, without its saying that there is a process. */
    public static void prepareFork() {
        LastChild.age();
    }

    /** A process has been created. */
    public static void afterFork() {
        LastChild.made();
        ExecLockState.endCreation();
    }

    /** The method that creates is left by an exception, before or after it has created. */
    public static void createFailed() {
        try {
            ExecLockState.endCreation();
        } catch (Throwable e) {
            // The exception on its way is what the application has to see.
        }
    }

    /**
     * Creates a process with the profile that the options have for children, in the place of {@code forkAndExec}, which has these
     * arguments. The exec lock is held.
     *
     * @param mode the launch mechanism, which has no meaning here; likewise the helper
     */
    public static int fork(
            Object process,
            int mode,
            byte[] helper,
            byte[] program,
            byte[] arguments,
            int argumentCount,
            byte[] environment,
            int variableCount,
            byte[] directory,
            int[] descriptors,
            boolean mergesError)
            throws IOException {
        return JdkChildren.fork(new ForkRequest(program, arguments, environment, directory, descriptors, mergesError));
    }

    /** A process has been created; the exec lock is still held, and nobody has waited for it. */
    public static void forked(int pid) {
        try {
            JdkChildren.forked(pid);
        } catch (Throwable e) {
            // It has no pidfd then, as without the agent.
        }
    }

    /** The object by which the JDK signals that process. */
    public static void known(Object handle, int pid) {
        try {
            JdkChildren.known(handle, pid);
        } catch (Throwable e) {
            // As above.
        }
    }

    /** The JDK has waited for a process, and, if it reaps, the process id may be another's from now on. */
    public static void reaped(long pid, boolean reaps) {
        try {
            JdkChildren.reaped(pid, reaps);
        } catch (Throwable e) {
            // A descriptor that is still open is closed when the process is no longer known.
        }
    }

    /** Returns 1 if the signal was sent, 0 if the process has ended or may not be signalled, and below 0 if the JDK shall do it. */
    public static int destroy(Object handle, long pid, boolean forcibly) {
        try {
            return JdkChildren.destroyed(handle, pid, forcibly);
        } catch (Throwable e) {
            return -1;
        }
    }

    /** Whether a process has been reaped for certain. */
    public static boolean hasEnded(Object handle) {
        try {
            return JdkChildren.hasEnded(handle);
        } catch (Throwable e) {
            return false;
        }
    }

    /** A socket may have begun to listen. Returns when everything that waited for it has been done. */
    public static void listening() {
        Runnable action = AgentState.onListening;
        if (action != null) {
            try {
                action.run();
            } catch (Throwable e) {
                // The action reports its own failures. The application's socket listens, whatever became of the action.
            }
        }
    }
}

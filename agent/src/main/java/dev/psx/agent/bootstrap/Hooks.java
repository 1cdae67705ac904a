package dev.psx.agent.bootstrap;

import dev.psx.spi.ExecLockState;

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

    /** The method that creates is left by an exception, before or after it has created. */
    public static void createFailed() {
        try {
            ExecLockState.endCreation();
        } catch (Throwable e) {
            // The exception on its way is what the application has to see.
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

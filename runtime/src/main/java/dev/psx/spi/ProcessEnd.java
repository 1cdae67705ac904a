package dev.psx.spi;

import java.util.function.IntConsumer;

/** Internal: ends the process when it must not go on, whatever the application has made of exits and of standard error. */
public final class ProcessEnd {

    /** Ends the process by the system call; null until the engine is there. */
    public static volatile IntConsumer exit;

    private ProcessEnd() {}

    /** Says why, as far as somebody takes that, and ends the process. */
    public static void now(int exitCode, String message) {
        try {
            StandardError.line(message);
        } finally {
            end(exitCode);
        }
    }

    /** A security manager may forbid Runtime.halt, and that waits for threads that a debugger may hold. */
    private static void end(int exitCode) {
        try {
            IntConsumer direct = exit;
            if (direct != null) {
                direct.accept(exitCode);
            }
        } finally {
            Runtime.getRuntime().halt(exitCode);
        }
    }
}

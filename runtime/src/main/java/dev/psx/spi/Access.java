package dev.psx.spi;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.function.Function;

/**
 * Internal: the way of the public API to the engine. Where a SecurityManager is at work, the caller needs the permission and
 * what follows, which reads files and loads a library, runs with our own rights instead of the caller's.
 */
public final class Access {

    private static final String PERMISSION = "dev.psx.broadcast";

    private Access() {}

    /** Something to do with the engine's port. */
    public interface Request<T> {

        /** Does it. */
        T on(Function<Object[], Object> port);
    }

    /**
     * Does something with the engine's port.
     *
     * @throws IllegalStateException with the cause, if there is no engine
     * @throws SecurityException if the caller lacks the permission
     */
    public static <T> T call(Request<T> request) {
        if (System.getSecurityManager() == null) {
            return request.on(EnginePort.get());
        }
        check();
        return AccessController.doPrivileged((PrivilegedAction<T>) () -> request.on(EnginePort.get()));
    }

    /**
     * Checks that the caller could use the engine.
     *
     * @throws IllegalStateException with the cause, if there is no engine
     * @throws SecurityException if the caller lacks the permission
     */
    public static void require() {
        if (System.getSecurityManager() == null) {
            EnginePort.get(); // the agent comes this way before main, where the first lambda is expensive
        } else {
            call(port -> port);
        }
    }

    /** Also before the port is handed out or used: these classes are internal, but nothing hides them from the application. */
    static void check() {
        SecurityManager manager = System.getSecurityManager();
        if (manager != null) {
            manager.checkPermission(new RuntimePermission(PERMISSION));
        }
    }

    /** Returns why there is no engine, or null if there is one. */
    public static Throwable unavailabilityCause() {
        return AccessController.doPrivileged((PrivilegedAction<Throwable>) EnginePort::unavailabilityCause);
    }
}

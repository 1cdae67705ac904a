package dev.psx.spi;

import java.util.function.Function;

/**
 * Internal: how the API reaches the one engine of this process. Only {@code java.*} types cross the port, so a copy of these
 * classes in another class loader (module path, web application, OSGi bundle) can use the engine that the first copy started.
 *
 * <p>The requests are listed in {@code runtime/README.md}.
 */
public final class EnginePort {

    private static final String LOCK = "dev.psx.engine.lock";
    private static final String IMPLEMENTATION = "dev.psx.engine.NativeEngine";

    private static volatile Function<Object[], Object> port;
    private static Throwable failure;

    private EnginePort() {}

    /**
     * Returns the engine's port.
     *
     * @throws IllegalStateException with the cause, if there is no engine and none can be started
     * @throws SecurityException if the caller may not broadcast
     */
    public static Function<Object[], Object> get() {
        Access.check();
        Function<Object[], Object> current = port;
        if (current == null) {
            current = findOrStart();
        }
        return current;
    }

    /** Returns why there is no engine, or null if there is one. Starts it if need be. */
    public static Throwable unavailabilityCause() {
        try {
            get();
            return null;
        } catch (IllegalStateException e) {
            return e.getCause() == null ? e : e.getCause();
        }
    }

    /** Called by the agent: applications use this port, whatever class loader their copy of the API is in. */
    public static void install(Function<Object[], Object> engine) {
        synchronized (processWide()) {
            port = engine;
            PublishedPort.publish(engine);
        }
    }

    /** Called by the agent, which alone can start the engine there. If it has not installed one, this is why. */
    public static void unavailable(Throwable cause) {
        synchronized (processWide()) {
            failure = cause;
        }
    }

    private static Function<Object[], Object> findOrStart() {
        synchronized (processWide()) {
            if (port != null) {
                return port;
            }
            if (failure != null) {
                throw new IllegalStateException(failure.getMessage(), failure);
            }
            Function<Object[], Object> found = PublishedPort.find();
            if (found == null) {
                found = start();
                PublishedPort.publish(found);
            }
            port = found;
            return found;
        }
    }

    private static Function<Object[], Object> start() {
        try {
            Class<?> type = Class.forName(IMPLEMENTATION, true, EnginePort.class.getClassLoader());
            @SuppressWarnings("unchecked") // NativeEngine is one
            Function<Object[], Object> engine =
                    (Function<Object[], Object>) type.getMethod("start").invoke(null);
            return engine;
        } catch (ReflectiveOperationException | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            failure = cause;
            throw new IllegalStateException(cause.getMessage(), cause);
        }
    }

    /** A lock that all copies of this class share, whatever their loader: interned strings belong to the JVM. */
    private static Object processWide() {
        return LOCK.intern();
    }
}

package dev.psx.spi;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.function.Function;

/**
 * Internal: the way of the public API to the engine. Where a SecurityManager is at work, the caller needs the permission and
 * the engine, which reads files and loads a library, runs with its own rights instead of the caller's.
 */
public final class Access {

    private static final String PERMISSION = "dev.psx.broadcast";

    private Access() {}

    /**
     * Returns the engine's port.
     *
     * @throws IllegalStateException with the cause, if there is no engine
     * @throws SecurityException if the caller lacks the permission
     */
    public static Function<Object[], Object> port() {
        SecurityManager manager = System.getSecurityManager();
        if (manager == null) {
            return EnginePort.get();
        }
        manager.checkPermission(new RuntimePermission(PERMISSION));
        return new Privileged(AccessController.doPrivileged(new PrivilegedAction<Function<Object[], Object>>() {
            @Override
            public Function<Object[], Object> run() {
                return EnginePort.get();
            }
        }));
    }

    /** Returns why there is no engine, or null if there is one. */
    public static Throwable unavailabilityCause() {
        return AccessController.doPrivileged(new PrivilegedAction<Throwable>() {
            @Override
            public Throwable run() {
                return EnginePort.unavailabilityCause();
            }
        });
    }

    private static final class Privileged implements Function<Object[], Object> {

        private final Function<Object[], Object> port;

        Privileged(Function<Object[], Object> port) {
            this.port = port;
        }

        @Override
        public Object apply(final Object[] request) {
            return AccessController.doPrivileged(new PrivilegedAction<Object>() {
                @Override
                public Object run() {
                    return port.apply(request);
                }
            });
        }
    }
}

package dev.psx.spi;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.util.function.Function;

/** Internal: makes a process as the JDK's native {@code forkAndExec} does, with a {@link ChildProfile}. */
public abstract class ForkAndExec {

    private static final String IMPLEMENTATION = "dev.psx.process.ForkedProgram";

    /**
     * Returns the one that there is.
     *
     * @throws IllegalStateException if its class is missing
     */
    public static ForkAndExec of(Function<Object[], Object> port, ChildProfile profile) {
        try {
            Constructor<?> constructor = Class.forName(IMPLEMENTATION, true, ForkAndExec.class.getClassLoader())
                    .getDeclaredConstructor(Function.class, ChildProfile.class);
            constructor.setAccessible(true); // that package is the application's API, which has no place for it
            return (ForkAndExec) constructor.newInstance(port, profile);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make processes with a profile: " + e, e);
        }
    }

    /**
     * Makes the process. Returns when its program runs; fails, and closes what it has opened, if that cannot be.
     *
     * @return its id, and a pidfd or -1
     * @throws IOException with the words of the JDK
     */
    public abstract int[] start(ForkRequest request) throws IOException;

    /** Closes the pidfd of a process that nobody wants to hold by it; nothing if it is -1. */
    public abstract void close(int descriptor);
}

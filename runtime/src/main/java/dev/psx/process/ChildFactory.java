package dev.psx.process;

import java.lang.reflect.Constructor;

/** Makes the objects that stand for children: on Java 9 and newer such as have a process handle. */
final class ChildFactory {

    private static final Constructor<? extends ChildProcess> CONSTRUCTOR = constructor();

    private ChildFactory() {}

    private static Constructor<? extends ChildProcess> constructor() {
        try {
            Class.forName("java.lang.ProcessHandle");
        } catch (ClassNotFoundException e) {
            return null; // Java 8
        }
        try {
            return Class.forName("dev.psx.process.HandledChild")
                    .asSubclass(ChildProcess.class)
                    .getDeclaredConstructor(RunningChild.class, ChildStreams.class);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    static ChildProcess create(RunningChild child, ChildStreams streams) {
        if (CONSTRUCTOR == null) {
            return new ChildProcess(child, streams);
        }
        try {
            return CONSTRUCTOR.newInstance(child, streams);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.psx.spi;

import java.util.function.Function;

/**
 * Internal: the place where every copy of these classes, whatever its class loader, finds the engine of this process.
 *
 * <p>It must be visible to all class loaders and must not upset the application. A system property that is no string breaks
 * {@link java.util.Properties#list}; an empty child of the root thread group is seen by nobody who does not look for it.
 */
final class PublishedPort extends ThreadGroup implements Function<Object[], Object> {

    private static final String NAME = "dev.psx.engine";

    /** The root group refers to its children weakly since JDK 19. */
    private static PublishedPort strong;

    private final Function<Object[], Object> engine;

    private PublishedPort(ThreadGroup root, Function<Object[], Object> engine) {
        super(root, NAME);
        this.engine = engine;
    }

    static synchronized void publish(Function<Object[], Object> engine) {
        strong = new PublishedPort(root(), engine);
    }

    /** Returns the port that any copy of this class has published, or null. */
    static Function<Object[], Object> find() {
        ThreadGroup root = root();
        ThreadGroup[] groups = new ThreadGroup[root.activeGroupCount() + 16];
        int count = root.enumerate(groups, false);
        for (int i = 0; i < count; i++) {
            if (NAME.equals(groups[i].getName()) && groups[i] instanceof Function) {
                @SuppressWarnings("unchecked") // every copy of this class is one
                Function<Object[], Object> port = (Function<Object[], Object>) groups[i];
                return port;
            }
        }
        return null;
    }

    @Override
    public Object apply(Object[] request) {
        Access.check();
        return engine.apply(request);
    }

    private static ThreadGroup root() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }
}

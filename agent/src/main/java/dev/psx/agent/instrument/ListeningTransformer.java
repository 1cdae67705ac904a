package dev.psx.agent.instrument;

import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Applies {@link ListeningChange} to the JDK's three kinds of server sockets and to the one of Netty's native transports. */
final class ListeningTransformer implements ClassFileTransformer {

    private static final Set<String> JDK = Collections.unmodifiableSet(new HashSet<>(Arrays.asList(
            "java/net/ServerSocket",
            "sun/nio/ch/ServerSocketChannelImpl",
            // Its subclasses (UnixAsynchronousServerSocketChannelImpl) inherit bind.
            "sun/nio/ch/AsynchronousServerSocketChannelImpl")));

    /** Epoll and io_uring share it; applications also carry it under a relocated name. */
    private static final String NETTY = "/channel/unix/Socket";

    private final Set<String> changed = Collections.synchronizedSet(new HashSet<String>());
    private volatile Throwable failure;

    @Override
    public byte[] transform(
            ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] classFile) {
        ListeningChange change = changeOf(loader, name);
        if (change == null) {
            return null;
        }
        try {
            byte[] result = ClassFile.change(classFile, change);
            if (result != null) {
                changed.add(name);
            }
            return result;
        } catch (Throwable e) {
            failure = e;
            return null;
        }
    }

    private static ListeningChange changeOf(ClassLoader loader, String name) {
        if (name == null) {
            return null;
        }
        if (loader == null) {
            return JDK.contains(name) ? new ListeningChange("bind", "(Ljava/net/SocketAddress;I)") : null;
        }
        return name.endsWith(NETTY) && HookCalls.visibleTo(loader) ? new ListeningChange("listen", "(I)") : null;
    }

    /** Loads the JDK's classes, which transforms them, and returns those of all kinds that were loaded before. */
    List<Class<?>> loadedBefore(Class<?>[] loaded) throws ClassNotFoundException {
        List<Class<?>> found = new ArrayList<>();
        for (String type : JDK) {
            Class<?> jdk = load(type);
            if (!changed.contains(type)) {
                found.add(jdk);
            }
        }
        found.addAll(netty(loaded));
        return found;
    }

    /** Returns all classes that have a hook now. */
    List<Class<?>> changedOnes(Class<?>[] loaded) {
        List<Class<?>> found = new ArrayList<>();
        for (Class<?> type : loaded) {
            if (changed.contains(type.getName().replace('.', '/'))) {
                found.add(type);
            }
        }
        return found;
    }

    /** The hooks of the JDK's classes must be there. For what they do not see there is the watcher. */
    void verify() {
        for (String type : JDK) {
            if (!changed.contains(type)) {
                throw new IllegalStateException(
                        "cannot see sockets begin to listen in " + type.replace('/', '.') + ".bind on Java "
                                + System.getProperty("java.version")
                                + ": " + (failure == null ? "the method was not found" : failure)
                                + "; use a JDK that psx-agent supports (HotSpot 8 to 25)",
                        failure);
            }
        }
    }

    private static Class<?> load(String type) throws ClassNotFoundException {
        return Class.forName(type.replace('/', '.'), false, null);
    }

    private static List<Class<?>> netty(Class<?>[] loaded) {
        List<Class<?>> found = new ArrayList<>();
        for (Class<?> type : loaded) {
            if (type.getClassLoader() != null
                    && type.getName().replace('.', '/').endsWith(NETTY)) {
                found.add(type);
            }
        }
        return found;
    }
}

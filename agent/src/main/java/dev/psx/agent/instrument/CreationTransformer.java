package dev.psx.agent.instrument;

import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;

/** Applies {@link CreationChange} to one class of the JDK and remembers whether that was possible. */
final class CreationTransformer implements ClassFileTransformer {

    private final String type;
    private final String internalName;
    private final String call;
    private Class<?> loaded;
    private volatile int insertions;
    private volatile Throwable failure;

    CreationTransformer(String type, String call) {
        this.type = type;
        this.internalName = type.replace('.', '/');
        this.call = call;
    }

    @Override
    public byte[] transform(
            ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] classFile) {
        if (loader != null || !internalName.equals(name)) {
            return null;
        }
        try {
            CreationChange change = new CreationChange(internalName, call);
            byte[] changed = ClassFile.change(classFile, change);
            insertions = change.insertions();
            return changed;
        } catch (Throwable e) {
            failure = e;
            return null;
        }
    }

    String type() {
        return type;
    }

    /** Loads the class, which transforms it if it was not loaded before. */
    Class<?> load() throws ClassNotFoundException {
        loaded = Class.forName(type, false, null);
        return loaded;
    }

    Class<?> changedClass() {
        return loaded;
    }

    boolean done() {
        return insertions > 0;
    }

    /** Not holding the lock without saying so would break the promise that rests on it. */
    void verify() {
        if (!done()) {
            throw new IllegalStateException(
                    "cannot hold the exec lock around " + type + "." + call + " on Java "
                            + System.getProperty("java.version")
                            + ": " + (failure == null ? "no call of it was found" : failure)
                            + "; use a JDK that psx-agent supports (HotSpot 8 to 25)",
                    failure);
        }
    }
}

package dev.psx.agent.instrument;

import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Changes the three classes of the JDK that make, signal and reap processes. Each must be changed at all its places, or none is. */
final class ChildTransformer implements ClassFileTransformer {

    private static final String MAKES = "java/lang/ProcessImpl";
    private static final String SIGNALS = "java/lang/ProcessHandleImpl";
    private static final String REAPS = "java/lang/ProcessHandleImpl$1";

    private static final List<String> TYPES = Collections.unmodifiableList(Arrays.asList(MAKES, SIGNALS, REAPS));

    private final Map<String, Integer> insertions = new ConcurrentHashMap<>();

    @Override
    public byte[] transform(
            ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] classFile) {
        if (loader != null || name == null || !TYPES.contains(name)) {
            return null;
        }
        try {
            ClassFile.Change change = changeOf(name);
            byte[] changed = ClassFile.change(classFile, change);
            insertions.put(name, change.insertions());
            return changed;
        } catch (Throwable e) {
            return null; // it is not complete then
        }
    }

    private static ClassFile.Change changeOf(String name) {
        switch (name) {
            case MAKES:
                return new ForkChange(name);
            case SIGNALS:
                return new SignalChange(name);
            default:
                return new ReapChange();
        }
    }

    /** Loads the classes, which transforms them, and returns those that were loaded before. */
    List<Class<?>> load() throws ClassNotFoundException {
        List<Class<?>> before = new ArrayList<>();
        for (String type : TYPES) {
            Class<?> loaded = Class.forName(type.replace('/', '.'), false, null);
            if (!insertions.containsKey(type)) {
                before.add(loaded);
            }
        }
        return before;
    }

    /** Returns those that have hooks now. */
    List<Class<?>> changed() throws ClassNotFoundException {
        List<Class<?>> changed = new ArrayList<>();
        for (String type : insertions.keySet()) {
            changed.add(Class.forName(type.replace('/', '.'), false, null));
        }
        return changed;
    }

    /** The fork and the handle; destroy and onExit; the wait. */
    boolean complete() {
        return places(MAKES) == 2 && places(SIGNALS) == 2 && places(REAPS) == 1;
    }

    private int places(String type) {
        return insertions.getOrDefault(type, 0);
    }
}

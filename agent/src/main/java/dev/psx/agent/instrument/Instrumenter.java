package dev.psx.agent.instrument;

import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.Collections;
import java.util.List;

/** Puts the agent's hooks into the JDK's classes and takes them out again. */
public final class Instrumenter {

    private static ListeningTransformer listening;
    private static ProfileTransformer profile;

    private Instrumenter() {}

    /**
     * From now on the creation of threads and of processes holds the exec lock shared. It stays so when other agents transform
     * the same classes again.
     *
     * @throws IllegalStateException if this JDK creates them in a way that is not known; nothing has changed then
     */
    public static void install(Instrumentation inst) {
        HookCalls.warmUp();
        CreationTransformer threads = new CreationTransformer("java.lang.Thread", "start0");
        CreationTransformer processes = new CreationTransformer(processType(), "forkAndExec");
        try {
            cover(inst, threads);
            cover(inst, processes);
        } catch (IllegalStateException e) {
            uncover(inst, threads);
            uncover(inst, processes);
            throw e;
        }
    }

    /**
     * From now on each child of the JDK has a pidfd until it is reaped, and is signalled by that.
     *
     * @return false if this JDK makes its children in another way; nothing has changed then
     */
    public static boolean installChildHooks(Instrumentation inst) {
        ChildTransformer transformer = new ChildTransformer();
        inst.addTransformer(transformer, true);
        try {
            retransform(inst, transformer.load());
            if (transformer.complete()) {
                return true;
            }
        } catch (ClassNotFoundException | UnmodifiableClassException | LinkageError e) {
            // As if it had not been complete.
        }
        inst.removeTransformer(transformer);
        try {
            for (Class<?> type : transformer.changed()) {
                restore(inst, type);
            }
        } catch (ClassNotFoundException e) {
            return false;
        }
        return false;
    }

    /**
     * From now on the JDK's processes are made by {@code Hooks.fork}. Comes last: what else is done around the call is done by then.
     *
     * @throws IllegalStateException if this JDK makes them in a way that is not known; nothing has changed then
     */
    public static synchronized void installProfileHook(Instrumentation inst) {
        if (profile != null) {
            return;
        }
        ProfileTransformer transformer = new ProfileTransformer(processType());
        inst.addTransformer(transformer, true);
        try {
            retransform(inst, Collections.singletonList(Class.forName(processType(), false, null)));
            transformer.verify();
        } catch (IllegalStateException | ClassNotFoundException | UnmodifiableClassException | LinkageError e) {
            inst.removeTransformer(transformer);
            restoreProcesses(inst);
            throw failure("cannot give children a profile", e);
        }
        profile = transformer;
    }

    /** Takes the hook out again. A start that is under way still goes through it. */
    public static synchronized void removeProfileHook(Instrumentation inst) {
        if (profile != null) {
            inst.removeTransformer(profile);
            profile = null;
            restoreProcesses(inst);
        }
    }

    private static void restoreProcesses(Instrumentation inst) {
        try {
            restore(inst, Class.forName(processType(), false, null));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e); // it was there before
        }
    }

    /**
     * From now on {@code AgentState.onListening} is run in every thread that may have made a socket listen, before the call
     * returns to the application.
     *
     * @throws IllegalStateException if the JDK's methods are not there; nothing has changed then
     */
    public static synchronized void installListeningHooks(Instrumentation inst) {
        if (listening != null) {
            return;
        }
        HookCalls.warmUp();
        ListeningTransformer transformer = new ListeningTransformer();
        inst.addTransformer(transformer, true);
        try {
            retransform(inst, transformer.loadedBefore(inst.getAllLoadedClasses()));
            transformer.verify();
        } catch (IllegalStateException | ClassNotFoundException | UnmodifiableClassException | LinkageError e) {
            remove(inst, transformer);
            throw failure("cannot see sockets begin to listen", e);
        }
        listening = transformer;
    }

    /** Takes the hooks of {@link #installListeningHooks} out again. Does nothing if they are not installed. */
    public static synchronized void removeListeningHooks(Instrumentation inst) {
        if (listening != null) {
            remove(inst, listening);
            listening = null;
        }
    }

    /** Java 8 has the fork in a class of its own; all later releases have it in ProcessImpl. */
    private static String processType() {
        try {
            return Class.forName("java.lang.UNIXProcess", false, null).getName();
        } catch (ClassNotFoundException e) {
            return "java.lang.ProcessImpl";
        }
    }

    private static void cover(Instrumentation inst, CreationTransformer transformer) {
        inst.addTransformer(transformer, true);
        try {
            Class<?> type = transformer.load();
            if (!transformer.done()) {
                inst.retransformClasses(type);
            }
            transformer.verify();
        } catch (IllegalStateException | ClassNotFoundException | UnmodifiableClassException | LinkageError e) {
            throw failure("cannot instrument " + transformer.type(), e);
        }
    }

    private static void uncover(Instrumentation inst, CreationTransformer transformer) {
        inst.removeTransformer(transformer);
        if (transformer.done()) {
            restore(inst, transformer.changedClass());
        }
    }

    private static void remove(Instrumentation inst, ListeningTransformer transformer) {
        inst.removeTransformer(transformer);
        for (Class<?> type : transformer.changedOnes(inst.getAllLoadedClasses())) {
            restore(inst, type);
        }
    }

    /** The transformer is removed already, so this gives the class back its own code. */
    private static void restore(Instrumentation inst, Class<?> type) {
        try {
            inst.retransformClasses(type);
        } catch (UnmodifiableClassException | LinkageError e) {
            return; // it keeps a hook that finds nothing to do
        }
    }

    private static void retransform(Instrumentation inst, List<Class<?>> types) throws UnmodifiableClassException {
        if (!types.isEmpty()) {
            inst.retransformClasses(types.toArray(new Class<?>[0]));
        }
    }

    private static IllegalStateException failure(String what, Throwable cause) {
        if (cause instanceof IllegalStateException) {
            return (IllegalStateException) cause;
        }
        return new IllegalStateException(what + " on Java " + System.getProperty("java.version") + ": " + cause, cause);
    }
}

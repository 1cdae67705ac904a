package dev.psx.agent.instrument;

import dev.psx.agent.bootstrap.Hooks;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** The calls of {@link Hooks} that are put into other code: all static, and where it can be without arguments and result. */
final class HookCalls {

    static final String BEFORE_CREATE = "beforeCreate";
    static final String AFTER_CREATE = "afterCreate";
    static final String AFTER_FORK = "afterFork";
    static final String CREATE_FAILED = "createFailed";
    static final String FORK = "fork";
    static final String FORKED = "forked";
    static final String KNOWN = "known";
    static final String REAPED = "reaped";
    static final String DESTROY = "destroy";
    static final String HAS_ENDED = "hasEnded";
    static final String LISTENING = "listening";

    private static final String HOOKS = Hooks.class.getName().replace('.', '/');

    private HookCalls() {}

    static void insert(MethodVisitor code, String hook) {
        code.visitMethodInsn(Opcodes.INVOKESTATIC, HOOKS, hook, "()V", false);
    }

    static void insert(MethodVisitor code, String hook, String descriptor) {
        code.visitMethodInsn(Opcodes.INVOKESTATIC, HOOKS, hook, descriptor, false);
    }

    /** Nothing may be loaded or initialised for the first time inside of a thread's start. */
    static void warmUp() {
        if (Hooks.class.getClassLoader() != null) {
            throw new IllegalStateException(
                    "the classes that instrumented JDK code calls are not on the bootstrap loader but on "
                            + Hooks.class.getClassLoader() + "; start the JVM with -javaagent:psx-agent.jar");
        }
        Hooks.beforeCreate();
        Hooks.afterCreate();
        Hooks.createFailed();
        Hooks.prepareFork();
    }

    /** Whether code of this loader can call the hooks. OSGi and the like may hide what is on the bootstrap loader. */
    static boolean visibleTo(ClassLoader loader) {
        try {
            return Class.forName(Hooks.class.getName(), false, loader) == Hooks.class;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }
}

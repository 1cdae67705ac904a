package dev.psx.agent.instrument;

import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Puts the exec lock around every call of the native method that creates (start0, forkAndExec), and around nothing more:
 *
 * <pre>
 *     Hooks.beforeCreate(); start0(); Hooks.afterCreate();     // inside the thread's monitor, as start0 is
 *     …
 *     Hooks.beforeCreate(); forkAndExec(…); Hooks.afterFork();
 *     …
 *     catch (any) { Hooks.createFailed(); throw; }             // from the first of these calls to the method's end
 * </pre>
 */
final class CreationChange extends ClassFile.Change {

    private static final String FORK = "forkAndExec";

    private final String type;
    private final String call;

    CreationChange(String type, String call) {
        this.type = type;
        this.call = call;
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, String signature, String[] exceptions) {
        return new Creator(super.visitMethod(access, name, descriptor, signature, exceptions));
    }

    private final class Creator extends MethodVisitor {

        private final Label from = new Label();
        private boolean creates;

        Creator(MethodVisitor writer) {
            super(Opcodes.ASM9, writer);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            if (!name.equals(call) || !owner.equals(type)) {
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
                return;
            }
            if (!creates) {
                creates = true;
                // Not from the method's begin: where `this` of a constructor is not initialised yet, a handler needs
                // more.
                visitLabel(from);
            }
            HookCalls.insert(this, HookCalls.BEFORE_CREATE);
            super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            HookCalls.insert(this, name.equals(FORK) ? HookCalls.AFTER_FORK : HookCalls.AFTER_CREATE);
            inserted();
        }

        @Override
        public void visitMaxs(int maxStack, int maxLocals) {
            if (creates) {
                appendHandler();
            }
            super.visitMaxs(Math.max(maxStack, 1), maxLocals);
        }

        /** The last entry of the table, so that the method's own handlers come first; it needs no locals, only what was thrown. */
        private void appendHandler() {
            Label handler = new Label();
            visitTryCatchBlock(from, handler, handler, null);
            visitLabel(handler);
            visitFrame(Opcodes.F_FULL, 0, new Object[0], 1, new Object[] {"java/lang/Throwable"});
            HookCalls.insert(this, HookCalls.CREATE_FAILED);
            visitInsn(Opcodes.ATHROW);
        }
    }
}

package dev.psx.agent.instrument;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Tells the hooks when the JDK's reaper has waited for a process: {@code Hooks.reaped(pid, reaps)} behind each call of the native method,
 * before anybody else learns of it. The arguments are kept in locals of their own meanwhile; no branch comes between.
 */
final class ReapChange extends ClassFile.Change {

    private static final String WAIT = "waitForProcessExit0";

    /** Beyond all locals of these small methods. */
    private static final int PID = 24;

    private static final int REAPS = PID + 2;
    private static final int LOCALS = REAPS + 1;
    private static final int STACK = 4;

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, String signature, String[] exceptions) {
        return new Waiter(super.visitMethod(access, name, descriptor, signature, exceptions));
    }

    private final class Waiter extends MethodVisitor {

        private boolean waits;

        Waiter(MethodVisitor writer) {
            super(Opcodes.ASM9, writer);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            if (!name.equals(WAIT) || !descriptor.equals("(JZ)I")) {
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
                return;
            }
            visitVarInsn(Opcodes.ISTORE, REAPS);
            visitVarInsn(Opcodes.LSTORE, PID);
            visitVarInsn(Opcodes.LLOAD, PID);
            visitVarInsn(Opcodes.ILOAD, REAPS);
            super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            visitVarInsn(Opcodes.LLOAD, PID);
            visitVarInsn(Opcodes.ILOAD, REAPS);
            HookCalls.insert(this, HookCalls.REAPED, "(JZ)V");
            waits = true;
            inserted();
        }

        @Override
        public void visitMaxs(int maxStack, int maxLocals) {
            if (!waits) {
                super.visitMaxs(maxStack, maxLocals);
            } else if (maxLocals > PID) {
                throw new IllegalStateException("the reaper has " + maxLocals + " locals");
            } else {
                super.visitMaxs(maxStack + STACK, LOCALS);
            }
        }
    }
}

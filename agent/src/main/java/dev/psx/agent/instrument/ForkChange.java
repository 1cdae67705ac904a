package dev.psx.agent.instrument;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Tells the hooks of each process that the JDK creates, and by which object it signals that process:
 *
 * <pre>
 *     pid = forkAndExec(…) [dup; Hooks.forked];        // before the exec lock is given back
 *     processHandle = …; Hooks.known(processHandle, pid);
 * </pre>
 */
final class ForkChange extends ClassFile.Change {

    private static final String FORK = "forkAndExec";
    private static final String HANDLE = "processHandle";
    private static final String PID = "pid";
    private static final int MORE_STACK = 3;

    private final String type;

    ForkChange(String type) {
        this.type = type;
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, String signature, String[] exceptions) {
        MethodVisitor writer = super.visitMethod(access, name, descriptor, signature, exceptions);
        return name.equals("<init>") ? new Constructor(writer) : writer;
    }

    private final class Constructor extends MethodVisitor {

        Constructor(MethodVisitor writer) {
            super(Opcodes.ASM9, writer);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            if (name.equals(FORK) && owner.equals(type)) {
                visitInsn(Opcodes.DUP);
                HookCalls.insert(this, HookCalls.FORKED, "(I)V");
                inserted();
            }
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
            super.visitFieldInsn(opcode, owner, name, descriptor);
            if (opcode == Opcodes.PUTFIELD && owner.equals(type) && name.equals(HANDLE)) {
                visitVarInsn(Opcodes.ALOAD, 0);
                super.visitFieldInsn(Opcodes.GETFIELD, type, name, descriptor);
                visitVarInsn(Opcodes.ALOAD, 0);
                super.visitFieldInsn(Opcodes.GETFIELD, type, PID, "I");
                HookCalls.insert(this, HookCalls.KNOWN, "(Ljava/lang/Object;I)V");
                inserted();
            }
        }

        @Override
        public void visitMaxs(int maxStack, int maxLocals) {
            super.visitMaxs(maxStack + MORE_STACK, maxLocals);
        }
    }
}

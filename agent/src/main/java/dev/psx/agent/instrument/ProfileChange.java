package dev.psx.agent.instrument;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Replaces the JDK's own way to make a process: {@code forkAndExec(…)} becomes {@code Hooks.fork(this, …)}, which takes and gives the
 * same. In Java 8 the method is called by invokespecial, later by invokevirtual; the operands are the same.
 */
final class ProfileChange extends ClassFile.Change {

    static final String FORK = "forkAndExec";

    /** Mode, helper, program, arguments and their number, environment and its size, directory, descriptors, redirectErrorStream. */
    static final String ARGUMENTS = "I[B[B[BI[BI[B[IZ";

    private final String type;
    private int others;

    ProfileChange(String type) {
        this.type = type;
    }

    /** How many calls have arguments that are not known. */
    int others() {
        return others;
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, String signature, String[] exceptions) {
        return new Caller(super.visitMethod(access, name, descriptor, signature, exceptions));
    }

    private final class Caller extends MethodVisitor {

        Caller(MethodVisitor writer) {
            super(Opcodes.ASM9, writer);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            if (!name.equals(FORK) || !owner.equals(type)) {
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            } else if (opcode != Opcodes.INVOKESTATIC && descriptor.equals("(" + ARGUMENTS + ")I")) {
                HookCalls.insert(mv, HookCalls.FORK, "(Ljava/lang/Object;" + ARGUMENTS + ")I");
                inserted();
            } else {
                others++;
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            }
        }
    }
}

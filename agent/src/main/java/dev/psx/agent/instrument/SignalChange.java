package dev.psx.agent.instrument;

import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Asks the hooks first where the JDK signals a process by its id, or begins to wait for whoever has that id:
 *
 * <pre>
 *     boolean destroyProcess(boolean force) { int sent = Hooks.destroy(this, pid, force); if (sent &gt;= 0) return sent != 0; … }
 *     CompletableFuture onExit() { if (Hooks.hasEnded(this)) return CompletableFuture.completedFuture(this); … }
 * </pre>
 */
final class SignalChange extends ClassFile.Change {

    private static final String FUTURE = "java/util/concurrent/CompletableFuture";
    private static final String DESTROY = "destroyProcess";
    private static final String ASK = "(Ljava/lang/Object;JZ)I";
    private static final int STACK = 4;

    private final String type;

    SignalChange(String type) {
        this.type = type;
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, String signature, String[] exceptions) {
        MethodVisitor writer = super.visitMethod(access, name, descriptor, signature, exceptions);
        if (name.equals(DESTROY) && descriptor.equals("(Z)Z")) {
            return new Destroyer(writer);
        }
        boolean bridge = (access & Opcodes.ACC_BRIDGE) != 0;
        return name.equals("onExit") && descriptor.equals("()L" + FUTURE + ";") && !bridge
                ? new Watcher(writer)
                : writer;
    }

    private final class Destroyer extends Beginning {

        Destroyer(MethodVisitor writer) {
            super(writer);
        }

        @Override
        public void visitCode() {
            super.visitCode();
            Label itself = new Label();
            visitVarInsn(Opcodes.ALOAD, 0);
            visitVarInsn(Opcodes.ALOAD, 0);
            visitFieldInsn(Opcodes.GETFIELD, type, "pid", "J");
            visitVarInsn(Opcodes.ILOAD, 1);
            HookCalls.insert(this, HookCalls.DESTROY, ASK);
            visitInsn(Opcodes.DUP);
            visitJumpInsn(Opcodes.IFLT, itself);
            visitInsn(Opcodes.IRETURN);
            visitLabel(itself);
            visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {Opcodes.INTEGER});
            visitInsn(Opcodes.POP);
            inserted();
        }
    }

    private final class Watcher extends Beginning {

        Watcher(MethodVisitor writer) {
            super(writer);
        }

        @Override
        public void visitCode() {
            super.visitCode();
            Label itself = new Label();
            visitVarInsn(Opcodes.ALOAD, 0);
            HookCalls.insert(this, HookCalls.HAS_ENDED, "(Ljava/lang/Object;)Z");
            visitJumpInsn(Opcodes.IFEQ, itself);
            visitVarInsn(Opcodes.ALOAD, 0);
            visitMethodInsn(
                    Opcodes.INVOKESTATIC, FUTURE, "completedFuture", "(Ljava/lang/Object;)L" + FUTURE + ";", false);
            visitInsn(Opcodes.ARETURN);
            visitLabel(itself);
            visitFrame(Opcodes.F_SAME, 0, null, 0, null);
            visitInsn(Opcodes.NOP);
            inserted();
        }
    }

    private static class Beginning extends MethodVisitor {

        Beginning(MethodVisitor writer) {
            super(Opcodes.ASM9, writer);
        }

        @Override
        public void visitMaxs(int maxStack, int maxLocals) {
            super.visitMaxs(Math.max(maxStack, STACK + 1), maxLocals);
        }
    }
}

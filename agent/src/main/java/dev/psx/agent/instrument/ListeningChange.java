package dev.psx.agent.instrument;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Calls {@code Hooks.listening()} before every return of one method. That is after the last monitor of the method has been
 * left, so what the hook does cannot meet the JDK's own locks.
 */
final class ListeningChange extends ClassFile.Change {

    private final String method;
    private final String parameters;

    /** The method's name and the parameter part of its descriptor: the result type differs between releases. */
    ListeningChange(String method, String parameters) {
        this.method = method;
        this.parameters = parameters;
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, String signature, String[] exceptions) {
        MethodVisitor writer = super.visitMethod(access, name, descriptor, signature, exceptions);
        boolean bridge = (access & Opcodes.ACC_BRIDGE) != 0;
        return !bridge && name.equals(method) && descriptor.startsWith(parameters) ? new Listener(writer) : writer;
    }

    private final class Listener extends MethodVisitor {

        Listener(MethodVisitor writer) {
            super(Opcodes.ASM9, writer);
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
                HookCalls.insert(this, HookCalls.LISTENING);
                inserted();
            }
            super.visitInsn(opcode);
        }
    }
}

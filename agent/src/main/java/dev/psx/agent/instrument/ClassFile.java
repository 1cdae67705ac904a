package dev.psx.agent.instrument;

import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Opcodes;

/** Reads a class file, lets a visitor change it, writes it. Frames are never computed: that would load classes. */
final class ClassFile {

    private static final int MAJOR = 6;
    private static final int NEWEST_KNOWN = Opcodes.V28;

    /** A visitor that has to be told where to write to. */
    abstract static class Change extends ClassVisitor {

        private int insertions;

        Change() {
            super(Opcodes.ASM9);
        }

        final void writeTo(ClassVisitor writer) {
            cv = writer;
        }

        final void inserted() {
            insertions++;
        }

        /** At how many places it changed the code. */
        final int insertions() {
            return insertions;
        }
    }

    private ClassFile() {}

    /** Returns the changed class file, or null if there was nothing to change. */
    static byte[] change(byte[] original, Change change) {
        int major = major(original);
        byte[] readable = original;
        if (major > NEWEST_KNOWN) {
            // ASM refuses what it does not know; the parts of the format that matter here have been stable since Java
            // 6.
            readable = original.clone();
            setMajor(readable, NEWEST_KNOWN);
        }
        ClassReader reader = new ClassReader(readable);
        ClassWriter writer = new ClassWriter(reader, 0);
        change.writeTo(writer);
        reader.accept(change, 0);
        if (change.insertions() == 0) {
            return null;
        }
        byte[] changed = writer.toByteArray();
        setMajor(changed, major);
        return changed;
    }

    private static int major(byte[] file) {
        return (file[MAJOR] & 0xff) << 8 | file[MAJOR + 1] & 0xff;
    }

    private static void setMajor(byte[] file, int major) {
        file[MAJOR] = (byte) (major >> 8);
        file[MAJOR + 1] = (byte) major;
    }
}

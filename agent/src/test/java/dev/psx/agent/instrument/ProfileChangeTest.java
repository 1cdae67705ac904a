package dev.psx.agent.instrument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.psx.agent.bootstrap.JdkChildren;
import dev.psx.spi.ForkAndExec;
import dev.psx.spi.ForkRequest;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The call of forkAndExec as Java 8 has it, and as later releases have it, written as class files; the real JDKs: ChildProfileIT. */
class ProfileChangeTest {

    private static final String PROCESS = "shape/UNIXProcess";
    private static final String KNOWN = "(" + ProfileChange.ARGUMENTS + ")I";

    private ForkRequest asked;
    private IOException failure;

    @BeforeEach
    void makeNothing() {
        JdkChildren.makeBy(new ForkAndExec() {
            @Override
            public int[] start(ForkRequest request) throws IOException {
                asked = request;
                if (failure != null) {
                    throw failure;
                }
                return new int[] {4711, -1};
            }

            @Override
            public void close(int descriptor) {
                assertThat(descriptor).isEqualTo(-1);
            }
        });
    }

    @AfterEach
    void makeNobody() {
        JdkChildren.makeBy(null);
    }

    @Test
    void theCallOfJava8IsReplaced() throws Exception {
        assertReplaced(Opcodes.INVOKESPECIAL);
    }

    @Test
    void theCallOfLaterReleasesIsReplaced() throws Exception {
        assertReplaced(Opcodes.INVOKEVIRTUAL);
    }

    private void assertReplaced(int opcode) throws Exception {
        Object process = load(change(shape(opcode, KNOWN)))
                .getConstructor(byte[].class, int[].class)
                .newInstance(new byte[] {'x', 0}, new int[] {-1, 1, 2});
        assertThat(process.getClass().getField("pid").getInt(process)).isEqualTo(4711);
        assertThat(asked.program).containsExactly('x', 0);
        assertThat(asked.arguments).containsExactly('x', 0);
        assertThat(asked.environment).isNull();
        assertThat(asked.directory).isNull();
        assertThat(asked.descriptors).containsExactly(-1, 1, 2);
        assertThat(asked.mergesError).isTrue();
    }

    @Test
    void whatItThrowsIsThrownByTheConstructor() throws Exception {
        failure = new IOException("error=2, No such file or directory");
        assertThatThrownBy(() -> load(change(shape(Opcodes.INVOKESPECIAL, KNOWN)))
                        .getConstructor(byte[].class, int[].class)
                        .newInstance(new byte[] {0}, new int[3]))
                .isInstanceOf(InvocationTargetException.class)
                .hasCause(failure);
    }

    @Test
    void aCallWithOtherArgumentsIsAnErrorThatSaysSo() {
        assertRefused(shape(Opcodes.INVOKEVIRTUAL, "(I[B[B[BI[BI[B[IZZ)I"), "it has arguments that are not known");
    }

    @Test
    void aClassWithoutTheCallIsAnErrorThatSaysSo() {
        assertRefused(new ClassWriter(0), "no call of it was found");
    }

    @Test
    void aClassFileThatCannotBeReadIsAnErrorThatSaysWhy() {
        ProfileTransformer transformer = new ProfileTransformer("shape.UNIXProcess");
        assertThat(transformer.transform(null, PROCESS, null, null, new byte[10]))
                .isNull();
        assertThatThrownBy(transformer::verify).hasCauseInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aClassOfThatNameInTheApplicationIsNotTouched() {
        ProfileTransformer transformer = new ProfileTransformer("shape.UNIXProcess");
        byte[] file = shape(Opcodes.INVOKEVIRTUAL, KNOWN).toByteArray();
        assertThat(transformer.transform(getClass().getClassLoader(), PROCESS, null, null, file))
                .isNull();
    }

    private static void assertRefused(ClassWriter type, String why) {
        if (type.toByteArray().length < 100) {
            type.visit(Opcodes.V1_8, Opcodes.ACC_PUBLIC, PROCESS, null, "java/lang/Object", null);
        }
        ProfileTransformer transformer = new ProfileTransformer("shape.UNIXProcess");
        transformer.transform(null, PROCESS, null, null, type.toByteArray());
        assertThatThrownBy(transformer::verify)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("cannot give children a profile: shape.UNIXProcess.forkAndExec on Java ")
                .hasMessageContaining(why);
    }

    private static byte[] change(ClassWriter type) {
        ProfileTransformer transformer = new ProfileTransformer("shape.UNIXProcess");
        byte[] changed = transformer.transform(null, PROCESS, null, null, type.toByteArray());
        transformer.verify();
        return changed;
    }

    /** <pre>{@code public UNIXProcess(byte[] b, int[] fds) { super(); pid = forkAndExec(1, b, b, b, 1, null, 0, null, fds, true); }}</pre> */
    private static ClassWriter shape(int opcode, String descriptor) {
        ClassWriter type = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        type.visit(Opcodes.V1_8, Opcodes.ACC_PUBLIC | Opcodes.ACC_SUPER, PROCESS, null, "java/lang/Object", null);
        type.visitField(Opcodes.ACC_PUBLIC, "pid", "I", null, null);
        type.visitMethod(Opcodes.ACC_PRIVATE | Opcodes.ACC_NATIVE, "forkAndExec", descriptor, null, null);
        MethodVisitor code = type.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "([B[I)V", null, null);
        code.visitCode();
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitInsn(Opcodes.ICONST_1);
        code.visitVarInsn(Opcodes.ALOAD, 1);
        code.visitVarInsn(Opcodes.ALOAD, 1);
        code.visitVarInsn(Opcodes.ALOAD, 1);
        code.visitInsn(Opcodes.ICONST_1);
        code.visitInsn(Opcodes.ACONST_NULL);
        code.visitInsn(Opcodes.ICONST_0);
        code.visitInsn(Opcodes.ACONST_NULL);
        code.visitVarInsn(Opcodes.ALOAD, 2);
        code.visitInsn(Opcodes.ICONST_1);
        if (!descriptor.equals(KNOWN)) {
            code.visitInsn(Opcodes.ICONST_1);
        }
        code.visitMethodInsn(opcode, PROCESS, "forkAndExec", descriptor, false);
        code.visitFieldInsn(Opcodes.PUTFIELD, PROCESS, "pid", "I");
        code.visitInsn(Opcodes.RETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
        return type;
    }

    /** Defined by an ordinary loader, so the JVM verifies it. */
    private static Class<?> load(byte[] file) {
        return new ClassLoader(ProfileChangeTest.class.getClassLoader()) {
            Class<?> define() {
                return defineClass(PROCESS.replace('/', '.'), file, 0, file.length);
            }
        }.define();
    }
}

package dev.psx.agent.instrument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.psx.spi.ExecLockState;
import java.lang.reflect.InvocationTargetException;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The shapes that JDK 8 has, written as class files of its version (public, as they call it); the real JDKs: CreationHooksTest. */
public class CreationChangeTest {

    private static final String THREAD = "shape/Thread8";
    private static final String PROCESS = "shape/UNIXProcess8";
    private static final String NATIVE = CreationChangeTest.class.getName().replace('.', '/');

    private static int heldInside;
    private static RuntimeException failure;

    /** Stands for start0 and forkAndExec. */
    public static void create() {
        heldInside = ExecLockState.holders().size();
        if (failure != null) {
            throw failure;
        }
    }

    /** Stands for what follows the creation: threadStartFailed, initStreams. */
    public static void after() {
        assertThat(ExecLockState.holders()).as("held after the creating call").isEmpty();
    }

    @AfterEach
    void nothingIsHeld() {
        assertThat(ExecLockState.holders()).isEmpty();
        failure = null;
    }

    @Test
    void aSynchronizedStartHoldsTheLockAroundStart0() throws Exception {
        Class<?> thread = load(THREAD, change(thread(), new CreationChange(THREAD, "start0")));
        thread.getMethod("start").invoke(thread.getConstructor().newInstance());
        assertThat(heldInside).isOne();
    }

    @Test
    void aFailingStart0GivesItBackAndIsSeenByTheCaller() throws Exception {
        Class<?> thread = load(THREAD, change(thread(), new CreationChange(THREAD, "start0")));
        failure = new IllegalStateException("no thread");
        assertThatThrownBy(() ->
                        thread.getMethod("start").invoke(thread.getConstructor().newInstance()))
                .isInstanceOf(InvocationTargetException.class)
                .hasCause(failure);
        assertThat(heldInside).isOne();
    }

    @Test
    void aConstructorThatForksHoldsTheLockAroundIt() throws Exception {
        Class<?> process = load(PROCESS, change(process(), new CreationChange(PROCESS, "forkAndExec")));
        process.getConstructor().newInstance();
        assertThat(heldInside).isOne();
    }

    @Test
    void aConstructorThatFailsToForkGivesItBack() throws Exception {
        Class<?> process = load(PROCESS, change(process(), new CreationChange(PROCESS, "forkAndExec")));
        failure = new IllegalStateException("no program");
        assertThatThrownBy(() -> process.getConstructor().newInstance()).hasCause(failure);
        assertThat(heldInside).isOne();
    }

    @Test
    void aClassWithoutTheCallIsLeftAlone() {
        CreationChange change = new CreationChange(THREAD, "start1");
        assertThat(ClassFile.change(thread(), change)).isNull();
        assertThat(change.insertions()).isZero();
    }

    @Test
    void aClassFileNewerThanAsmKeepsItsVersion() {
        byte[] file = thread();
        file[7] = 99;
        byte[] changed = ClassFile.change(file, new CreationChange(THREAD, "start0"));
        assertThat(changed[6]).isZero();
        assertThat(changed[7]).isEqualTo((byte) 99);
        assertThat(file[7]).as("the JVM's array").isEqualTo((byte) 99);
    }

    @Test
    void aJdkThatCreatesInAnUnknownWayIsAnErrorThatNamesIt() {
        CreationTransformer transformer = new CreationTransformer("shape.Thread8", "start1");
        assertThat(transformer.transform(null, THREAD, null, null, thread())).isNull();
        assertThatThrownBy(transformer::verify)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("shape.Thread8.start1")
                .hasMessageContaining("Java " + System.getProperty("java.version"))
                .hasMessageContaining("no call of it was found");
    }

    @Test
    void aClassFileThatCannotBeReadIsAnErrorThatSaysWhy() {
        CreationTransformer transformer = new CreationTransformer("shape.Thread8", "start0");
        assertThat(transformer.transform(null, THREAD, null, null, new byte[10]))
                .isNull();
        assertThatThrownBy(transformer::verify)
                .hasMessageContaining("shape.Thread8.start0")
                .hasCauseInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aClassOfThatNameInTheApplicationIsNotTouched() {
        CreationTransformer transformer = new CreationTransformer("shape.Thread8", "start0");
        assertThat(transformer.transform(getClass().getClassLoader(), THREAD, null, null, thread()))
                .isNull();
    }

    /** <pre>{@code
     * public synchronized void start() {
     *     boolean started = false;
     *     try { start0(); started = true; } catch (any e) { throw e; }
     *     after();
     * }
     * }</pre> */
    private static byte[] thread() {
        ClassWriter type = type(THREAD);
        MethodVisitor code =
                type.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_SYNCHRONIZED, "start", "()V", null, null);
        Label from = new Label();
        Label to = new Label();
        Label handler = new Label();
        code.visitCode();
        code.visitTryCatchBlock(from, to, handler, null);
        code.visitInsn(Opcodes.ICONST_0);
        code.visitVarInsn(Opcodes.ISTORE, 1);
        code.visitLabel(from);
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, THREAD, "start0", "()V", false);
        code.visitInsn(Opcodes.ICONST_1);
        code.visitVarInsn(Opcodes.ISTORE, 1);
        code.visitLabel(to);
        code.visitMethodInsn(Opcodes.INVOKESTATIC, NATIVE, "after", "()V", false);
        code.visitInsn(Opcodes.RETURN);
        code.visitLabel(handler);
        code.visitFrame(
                Opcodes.F_FULL, 2, new Object[] {THREAD, Opcodes.INTEGER}, 1, new Object[] {"java/lang/Throwable"});
        code.visitVarInsn(Opcodes.ASTORE, 2);
        code.visitVarInsn(Opcodes.ALOAD, 2);
        code.visitInsn(Opcodes.ATHROW);
        code.visitMaxs(1, 3);
        code.visitEnd();
        creator(type, "start0", "()V", Opcodes.RETURN);
        constructor(type, "()V").visitInsn(Opcodes.RETURN);
        return type.toByteArray();
    }

    /** <pre>{@code public UNIXProcess8() { super(); pid = forkAndExec(); after(); }}</pre> */
    private static byte[] process() {
        ClassWriter type = type(PROCESS);
        type.visitField(Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL, "pid", "I", null, null);
        MethodVisitor code = constructor(type, "()V");
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, PROCESS, "forkAndExec", "()I", false);
        code.visitFieldInsn(Opcodes.PUTFIELD, PROCESS, "pid", "I");
        code.visitMethodInsn(Opcodes.INVOKESTATIC, NATIVE, "after", "()V", false);
        code.visitInsn(Opcodes.RETURN);
        creator(type, "forkAndExec", "()I", Opcodes.IRETURN);
        return type.toByteArray();
    }

    private static ClassWriter type(String name) {
        ClassWriter type = new ClassWriter(0);
        type.visit(Opcodes.V1_8, Opcodes.ACC_PUBLIC | Opcodes.ACC_SUPER, name, null, "java/lang/Object", null);
        return type;
    }

    private static MethodVisitor constructor(ClassWriter type, String descriptor) {
        MethodVisitor code = type.visitMethod(Opcodes.ACC_PUBLIC, "<init>", descriptor, null, null);
        code.visitCode();
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
        code.visitMaxs(2, 1);
        return code;
    }

    private static void creator(ClassWriter type, String name, String descriptor, int end) {
        MethodVisitor code = type.visitMethod(Opcodes.ACC_PRIVATE, name, descriptor, null, null);
        code.visitCode();
        code.visitMethodInsn(Opcodes.INVOKESTATIC, NATIVE, "create", "()V", false);
        if (end == Opcodes.IRETURN) {
            code.visitInsn(Opcodes.ICONST_1);
        }
        code.visitInsn(end);
        code.visitMaxs(1, 1);
        code.visitEnd();
    }

    private static byte[] change(byte[] file, CreationChange change) {
        byte[] changed = ClassFile.change(file, change);
        assertThat(change.insertions()).isOne();
        return changed;
    }

    /** Defined by an ordinary loader, so the JVM verifies it. */
    private static Class<?> load(String name, byte[] file) {
        return new ClassLoader(CreationChangeTest.class.getClassLoader()) {
            Class<?> define() {
                return defineClass(name.replace('/', '.'), file, 0, file.length);
            }
        }.define();
    }
}

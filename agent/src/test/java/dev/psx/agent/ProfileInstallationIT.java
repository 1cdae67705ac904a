package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.tools.attach.VirtualMachine;
import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.TaskView;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.io.TempDir;

/** A profile of children in a running JVM, and in one whose JDK makes processes in some other way as well. */
@RootOnly
class ProfileInstallationIT {

    private static final String MAKES = "java/lang/ProcessImpl";

    @TempDir
    private Path directory;

    @EachJdk
    void aRunningJvmGetsOne(Jdk jdk) throws Exception {
        try (Child jvm = running(Jvm.of(jdk), jdk)) {
            TaskView before = child(jvm);
            attach(jvm, "child-user=nobody,child-no-new-privs=yes");
            TaskView after = child(jvm);
            assertThat(before.uid()).containsOnly(0);
            assertThat(after.uid()).containsOnly(65534);
            assertThat(after.noNewPrivs()).isOne();
        }
    }

    /** Nothing has changed then, and the JVM runs on; a second attempt may succeed. */
    @EachJdk
    void ofAnAttachmentThatFailsNothingStays(Jdk jdk) throws Exception {
        try (Child jvm = running(Jvm.of(jdk).fixture(), jdk)) {
            assertThat(jvm.ask("blocked")).startsWith("ok");
            assertRefused(jvm, "user=nobody,give-up=300ms,child-user=nobody,child-no-new-privs=yes");
            assertThat(jvm.stderr())
                    .as(jvm.transcript())
                    .anyMatch(line -> line.contains("every child of this process"));
            assertRefused(jvm, "user=daemon,child-user=nobody");
            attach(jvm, "child-no-new-privs=yes");
            assertThat(child(jvm).noNewPrivs()).isOne();
        }
    }

    /** The application may start programs and nothing else. There is none any more from Java 24 on. */
    @EachJdk
    void aSecurityManagerDoesNotHinderIt(Jdk jdk) throws IOException {
        if (jdk.version() >= 24) {
            return;
        }
        Path policy = Files.writeString(
                directory.resolve("java.policy"),
                "grant { permission java.io.FilePermission \"<<ALL FILES>>\", \"execute\"; };\n");
        Jvm jvm = Jvm.of(jdk)
                .option("-Djava.security.manager", "-Djava.security.policy==" + policy)
                .agent("child-user=nobody,child-ambient=kill,child-no-new-privs=yes");
        try (Child child = running(jvm, jdk)) {
            assertThat(child(child).uid()).containsOnly(65534);
        }
    }

    @EachJdk
    void aJdkThatMakesProcessesOtherwiseIsRefused(Jdk jdk) throws Exception {
        Path patch = patch(jdk);
        try (Child jvm = patched(jdk, patch).agent("child-no-new-privs=yes").start(Console.class)) {
            assertThat(jvm.exitCode()).as(jvm.transcript()).isEqualTo(78);
            assertThat(jvm.stdout()).isEmpty();
            assertThat(jvm.stderr())
                    .anyMatch(
                            line -> line.startsWith("psx-agent: cannot give children a profile: java.lang.ProcessImpl")
                                    && line.contains("it has arguments that are not known"));
        }
        try (Child jvm = running(patched(jdk, patch), jdk)) {
            assertRefused(jvm, "child-no-new-privs=yes");
        }
        try (Child jvm = running(patched(jdk, patch).agent(""), jdk)) {
            assertThat(child(jvm).uid())
                    .as("control: without a profile it does not matter")
                    .containsOnly(0);
        }
    }

    private static void assertRefused(Child jvm, String options) throws IOException {
        assertThatThrownBy(() -> attach(jvm, options)).as(options).isNotNull();
        TaskView child = child(jvm);
        assertThat(child.uid()).containsOnly(0);
        assertThat(child.noNewPrivs()).isZero();
    }

    private static TaskView child(Child jvm) {
        String answer = jvm.ask("start-child");
        assertThat(answer).as(jvm.transcript()).startsWith("ok ");
        return OutsideView.tasks(Long.parseLong(answer.substring("ok ".length())))
                .get(0);
    }

    private static Child running(Jvm jvm, Jdk jdk) {
        if (jdk.version() >= 21) {
            jvm.option("-XX:+EnableDynamicAgentLoading");
        }
        Child child = jvm.start(Console.class);
        child.await("ready");
        return child;
    }

    private static void attach(Child jvm, String options) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(jvm.pid()));
        try {
            machine.loadAgent(Artifacts.agentJar().toString(), options);
        } finally {
            machine.detach();
        }
    }

    private static Jvm patched(Jdk jdk, Path patch) {
        return Jvm.of(jdk).option("--patch-module=java.base=" + patch);
    }

    /** The JDK's own class, with one more method, which nobody calls, that calls a native method of the same name. */
    private Path patch(Jdk jdk) throws IOException {
        byte[] original;
        Map<String, String> home = Map.of("java.home", jdk.home().toString());
        try (FileSystem modules = FileSystems.newFileSystem(URI.create("jrt:/"), home)) {
            original = Files.readAllBytes(modules.getPath("modules", "java.base", MAKES + ".class"));
        }
        ClassReader reader = new ClassReader(original);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(writer, 0);
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_PRIVATE, "another", "()I", null, null);
        code.visitCode();
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitInsn(Opcodes.ICONST_0);
        code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, MAKES, "forkAndExec", "(I)I", false);
        code.visitInsn(Opcodes.IRETURN);
        code.visitMaxs(2, 1);
        code.visitEnd();
        Path file = directory.resolve(MAKES + ".class");
        Files.createDirectories(file.getParent());
        Files.write(file, writer.toByteArray());
        return directory;
    }
}

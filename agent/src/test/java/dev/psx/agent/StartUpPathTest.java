package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.psx.spi.ExecLockState;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.TreeSet;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;

/**
 * What runs at every start, or inside the JDK's own methods, has no lambdas: the first one in a JVM costs tens of milliseconds,
 * and linking it makes the JDK load classes in places where it does not expect that.
 */
class StartUpPathTest {

    private static final Set<String> PACKAGES = Set.of(
            "dev.psx.agent",
            "dev.psx.agent.bootstrap",
            "dev.psx.agent.install",
            "dev.psx.agent.instrument",
            "dev.psx.check",
            "dev.psx.policy");

    @Test
    void hasNoInvokeDynamic() throws IOException {
        Set<String> found = new TreeSet<>();
        int scanned = 0;
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.psx")) {
            if (PACKAGES.contains(type.getPackageName()) || type.getName().startsWith(ExecLockState.class.getName())) {
                scan(type, found);
                scanned++;
            }
        }
        assertThat(found).isEmpty();
        assertThat(scanned).isGreaterThan(PACKAGES.size());
    }

    private static void scan(JavaClass type, Set<String> found) throws IOException {
        try (InputStream in = type.getSource().orElseThrow().getUri().toURL().openStream()) {
            new ClassReader(in).accept(new InvokeDynamicFinder(type.getName(), found), ClassReader.SKIP_DEBUG);
        }
    }

    private static final class InvokeDynamicFinder extends ClassVisitor {

        private final String type;
        private final Set<String> found;

        InvokeDynamicFinder(String type, Set<String> found) {
            super(Opcodes.ASM9);
            this.type = type;
            this.found = found;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String method, String descriptor, String generic, String[] thrown) {
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitInvokeDynamicInsn(String name, String type, Handle bootstrap, Object... arguments) {
                    found.add(InvokeDynamicFinder.this.type + "." + method);
                }
            };
        }
    }
}

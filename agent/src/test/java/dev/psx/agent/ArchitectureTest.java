package dev.psx.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which package may use what. A package that is missing here has no place in the design yet. */
class ArchitectureTest {

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.psx");

    /** The packages and, beside the JDK's {@code java.*}, what they may use. */
    enum Layer {
        // For everybody: on the bootstrap loader under the agent, in the application's own loader without it.
        API("dev.psx", "dev.psx.spi"),
        CAP("dev.psx.cap", "dev.psx", "dev.psx.spi"),
        PLAN("dev.psx.plan", "dev.psx", "dev.psx.cap", "dev.psx.drop", "dev.psx.policy", "dev.psx.spi"),
        PROCESS("dev.psx.process", "dev.psx", "dev.psx.cap", "dev.psx.plan", "dev.psx.spi"),
        DROP("dev.psx.drop", "dev.psx", "dev.psx.cap", "dev.psx.check", "dev.psx.spi"),
        CHECK("dev.psx.check", "dev.psx", "dev.psx.spi"),
        POLICY("dev.psx.policy", "dev.psx.cap", "dev.psx.drop", "dev.psx.spi"),
        SPI("dev.psx.spi", "dev.psx"),

        // On the bootstrap loader: sees the JDK and the API, nothing that is isolated.
        ENTRY("dev.psx.agent", "dev.psx.agent.bootstrap", "dev.psx.spi"),
        BOOTSTRAP("dev.psx.agent.bootstrap", "dev.psx.spi"),

        // In the runtime's jar an ordinary class, in the agent's an isolated one: knows nothing of agents or loaders.
        ENGINE("dev.psx.engine", "dev.psx.spi", "com.sun.jna..", "org.slf4j"),

        // Isolated.
        INSTALL(
                "dev.psx.agent.install",
                "dev.psx",
                "dev.psx.agent.bootstrap",
                "dev.psx.agent.instrument",
                "dev.psx.agent.trigger",
                "dev.psx.drop",
                "dev.psx.plan",
                "dev.psx.policy",
                "dev.psx.spi",
                "dev.psx.engine",
                "org.slf4j.."),
        INSTRUMENT("dev.psx.agent.instrument", "dev.psx.agent.bootstrap", "net.bytebuddy.jar.asm", "org.slf4j"),
        TRIGGER("dev.psx.agent.trigger", "dev.psx.agent.bootstrap", "dev.psx.spi", "com.sun.jna..", "org.slf4j"),
        CLI(
                "dev.psx.agent.cli",
                "dev.psx",
                "dev.psx.agent.bootstrap",
                "dev.psx.agent.install",
                "dev.psx.check",
                "dev.psx.drop",
                "dev.psx.engine",
                "dev.psx.policy",
                "dev.psx.spi",
                "javax.tools",
                "picocli",
                "com.fasterxml.jackson..");

        private final String name;
        private final String[] mayUse;

        Layer(String name, String... mayUse) {
            this.name = name;
            this.mayUse = Stream.concat(Stream.of("java..", name), Arrays.stream(mayUse))
                    .toArray(String[]::new);
        }
    }

    @ParameterizedTest
    @EnumSource
    void usesOnlyWhatItsLoaderSees(Layer layer) {
        classes()
                .that()
                .resideInAPackage(layer.name)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(layer.mayUse)
                .check(OURS);
    }

    @Test
    void everyPackageHasItsRule() {
        assertThat(OURS.stream().map(JavaClass::getPackageName).collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Layer.values()).map(layer -> layer.name).collect(Collectors.toSet()));
    }

    /** Standard output is the application's; only a command that somebody runs answers there. */
    @Test
    void onlyCommandsWriteToStandardOutput() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.psx.agent.cli")
                .should()
                .accessField(System.class, "out")
                .check(OURS);
    }

    /** It reads its configuration when first used, which may be before the application has set it up. */
    @Test
    void nobodyUsesTheLoggingOfTheJdk() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging")
                .check(OURS);
    }
}

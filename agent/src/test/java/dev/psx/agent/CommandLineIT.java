package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Account;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The ways in which the agent gets into a JVM's command line, and what else may be there. */
@RootOnly
class CommandLineIT {

    @TempDir
    Path directory;

    @EachJdk
    void theAgentsOwnCommandsAreNotDropped(Jdk jdk) {
        String jar = Artifacts.agentJar().toString();
        Jvm jvm = Jvm.of(jdk).environment("JAVA_TOOL_OPTIONS", "-javaagent:" + jar + "=user=nobody");
        try (Child child = jvm.program("-jar", jar, "version").start()) {
            assertThat(child.exitCode()).as(child.transcript()).isZero();
            assertThat(child.stderr()).noneMatch(line -> line.startsWith("psx-agent: "));
        }
    }

    /** Then the manifest's Boot-Class-Path leads nowhere. */
    @EachJdk
    void theJarMayBeRenamed(Jdk jdk) throws IOException {
        Path renamed = Files.createDirectory(directory.resolve("a directory ü")).resolve("renamed.jar");
        Files.copy(Artifacts.agentJar(), renamed);
        try (Child child = Jvm.of(jdk).agent(renamed, "user=nobody,api=on").start(Console.class)) {
            child.await("ready");
            Account.named("nobody").assertDropped(child);
            assertThat(child.ask("tasks")).startsWith("ok ");
        }
    }

    /** A provider of SLF4J that the application names is for its own copy. */
    @EachJdk
    void theApplicationsLoggingIsItsOwn(Jdk jdk) {
        Jvm jvm = Jvm.of(jdk).option("-Dslf4j.provider=com.acme.Provider").agent("user=nobody,log=debug");
        try (Child child = jvm.start(Console.class)) {
            child.await("ready");
            assertThat(child.stderr()).noneMatch(line -> line.contains("SLF4J"));
            Account.named("nobody").assertDropped(child);
        }
    }

    @EachJdk
    void deniedNativeAccessIsAMatterOfConfiguration(Jdk jdk) {
        if (jdk.version() < 24) {
            return; // the option does not exist there
        }
        Jvm denied = Jvm.of(jdk).option("--illegal-native-access=deny").agent("user=nobody");
        try (Child child = denied.start(Console.class)) {
            assertThat(child.exitCode()).as(child.transcript()).isEqualTo(78);
            assertThat(child.stdout()).isEmpty();
            assertThat(child.stderr()).hasSize(1).first().asString().contains("--enable-native-access=ALL-UNNAMED");
        }
        try (Child child = denied.option("--enable-native-access=ALL-UNNAMED").start(Console.class)) {
            child.await("ready");
            Account.named("nobody").assertDropped(child);
        }
    }

    @EachJdk
    void optionsMayHoldAnything(Jdk jdk) {
        for (String options : new String[] {"%s%n", "user=\u00fc\u20ac", "a=b=c", "=", "user=\t", "log=debug,x"}) {
            try (Child child = Jvm.of(jdk).agent(options).start(Console.class)) {
                assertThat(child.exitCode()).as(options + child.transcript()).isEqualTo(78);
                assertThat(child.stdout()).isEmpty();
                assertThat(child.stderr()).last().asString().startsWith("psx-agent: bad option: ");
            }
        }
    }
}

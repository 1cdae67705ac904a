package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.LegacyApp;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** An application with its own old JNA, ByteBuddy and SLF4J runs as it does without the agent, with its own classes. */
@RootOnly
class LegacyLibrariesIT {

    @EachJdk
    void runUnchanged(Jdk jdk) throws IOException {
        List<String> without = run(jvm(jdk));
        List<String> with = run(jvm(jdk).agent(""));
        List<String> dropped = run(jvm(jdk).agent("user=nobody"));
        assertThat(without).anyMatch(line -> line.contains("jna-4.5.2.jar"));
        assertThat(with).isEqualTo(without);
        assertThat(dropped).isEqualTo(without);
    }

    private static List<String> run(Jvm jvm) {
        try (Child child = jvm.start(LegacyApp.class)) {
            assertThat(child.exitCode()).as(child.transcript()).isZero();
            assertThat(child.stderr()).anyMatch(line -> line.contains("legacy logging"));
            return child.stdout();
        }
    }

    private static Jvm jvm(Jdk jdk) throws IOException {
        // This ByteBuddy is older than the class file version of newer JDKs.
        return Jvm.of(jdk).option("-Dnet.bytebuddy.experimental=true").addToClassPath(legacyJars());
    }

    private static List<Path> legacyJars() throws IOException {
        try (Stream<Path> jars = Files.list(Artifacts.legacyLibraries())) {
            return jars.toList();
        }
    }
}

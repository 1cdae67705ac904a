package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.Ports;
import dev.psx.agent.testing.RootOnly;
import java.util.List;
import java.util.stream.Stream;

/** Nothing of the agent goes to standard output; on standard error are its own lines, and at most one warning of the JVM. */
@RootOnly
class QuietIT {

    @EachJdk
    void saysNothingWhenThereIsNothingToSay(Jdk jdk) {
        List<String> without = run(Jvm.of(jdk));
        assertThat(run(Jvm.of(jdk).nativeAccess().agent("log=warn")))
                .isEqualTo(without)
                .isEmpty();
        assertThat(run(Jvm.of(jdk).nativeAccess().agent("user=nobody,log=error")))
                .isEmpty();
        assertThat(run(Jvm.of(jdk).nativeAccess().agent("when=manual,user=nobody,log=error")))
                .isEmpty();
    }

    @EachJdk
    void printsOnlyItsOwnLines(Jdk jdk) {
        int port = Ports.privileged();
        for (String options : Stream.of(
                        "", "log=info", "log=debug", "user=nobody", "user=nobody,when=listening:" + port)
                .toList()) {
            assertThat(run(Jvm.of(jdk).nativeAccess().agent(options)))
                    .as(options)
                    .allMatch(line -> line.startsWith("psx-agent: "));
        }
    }

    /** The flag that silences it is the JVM's; an agent cannot give it. */
    @EachJdk
    void theJvmWarnsOfNativeAccessOnly(Jdk jdk) {
        List<String> lines = run(Jvm.of(jdk).agent("user=nobody"));
        List<String> foreign =
                lines.stream().filter(line -> !line.startsWith("psx-agent: ")).toList();
        if (jdk.version() < 24) {
            assertThat(foreign).isEmpty();
        } else {
            assertThat(foreign)
                    .allMatch(line -> line.isEmpty() || line.startsWith("WARNING: "))
                    .hasSizeLessThanOrEqualTo(5);
            assertThat(String.join("\n", foreign)).contains("--enable-native-access=ALL-UNNAMED");
        }
    }

    /** Runs an application that prints one line, and returns what is on standard error. */
    private static List<String> run(Jvm jvm) {
        try (Child child = jvm.start(Console.class)) {
            assertThat(child.await("")).isEqualTo("ready");
            assertThat(child.finish()).as(child.transcript()).isZero();
            assertThat(child.stdout()).containsExactly("ready");
            return child.stderr();
        }
    }
}

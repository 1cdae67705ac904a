package dev.psx.agent.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** The hooks in the real classes of each JDK. */
class CreationHooksTest {

    private static final int VIRTUAL_THREADS = 21;

    @TempDir
    Path directory;

    @EachJdk
    void theLockIsHeldForTheCreatingCallsAndGivenBackOnEveryPath(Jdk jdk) throws IOException {
        run(jdk, List.of());
    }

    @EachJdk
    void theInsertedCodePassesTheVerifier(Jdk jdk) throws IOException {
        // Deprecated by newer JDKs, but only this verifies the classes of the bootstrap loader.
        run(jdk, List.of("-Xverify:all"));
    }

    @EachJdk
    void theInsertedCodeIsCompiledAndInterpretedAlike(Jdk jdk) throws IOException {
        run(
                jdk,
                List.of(
                        "-Xcomp",
                        "-XX:CompileCommand=quiet",
                        "-XX:CompileCommand=compileonly,java.lang.Thread::start*"));
        run(jdk, List.of("-Xint"));
    }

    private void run(Jdk jdk, List<String> options) throws IOException {
        List<String> scenarios = new ArrayList<>(List.of(
                "threads",
                "processes",
                "retransformed",
                "start-twice",
                "no-native-thread",
                "no-program",
                "fifo",
                "storm"));
        if (jdk.version() >= VIRTUAL_THREADS) {
            scenarios.add("virtual");
        }
        HookingJvm jvm = new HookingJvm(directory);
        try (Child child = jvm.start(jdk, CreationApp.class, options, scenarios.toArray(new String[0]))) {
            assertThat(child.exitCode()).as(child.transcript()).isZero();
            assertThat(child.stdout())
                    .containsAll(scenarios.stream().map("ok "::concat).toList());
        }
    }
}

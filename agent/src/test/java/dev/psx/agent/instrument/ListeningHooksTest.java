package dev.psx.agent.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

class ListeningHooksTest {

    @TempDir
    Path directory;

    @EachJdk
    void everyWayToListenIsSeenOutsideOfTheJdksLocks(Jdk jdk) throws IOException {
        run(jdk, List.of());
    }

    @EachJdk
    void theInsertedCodePassesTheVerifier(Jdk jdk) throws IOException {
        run(jdk, List.of("-Xverify:all"));
    }

    private void run(Jdk jdk, List<String> options) throws IOException {
        try (Child child = new HookingJvm(directory).start(jdk, ListeningApp.class, options)) {
            assertThat(child.exitCode()).as(child.transcript()).isZero();
            assertThat(child.stdout()).contains("ok seen", "ok failed", "ok thrown", "ok hidden", "ok removed");
        }
    }
}

package dev.psx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.spi.StatusFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The engine in a JVM of its own, which is judged by what /proc says about it. */
class NativeEngineTest {

    private static final int[] NOBODY = {65534, 65534, 65534, 65534};

    private ChildJvm child;

    @BeforeEach
    void start() throws IOException {
        child = new ChildJvm(EngineMain.class);
        child.await("ready");
    }

    @AfterEach
    void stop() {
        child.close();
    }

    @Test
    void everyTaskRunsACall() throws IOException {
        String[] header = ask("broadcast getpid");
        assertThat(header).startsWith("0", "0", Long.toString(child.pid()));
        assertThat(Integer.parseInt(header[3])).isGreaterThan(30); // 20 of ours and those of the VM
    }

    @Test
    void everyTaskChangesItsCredentials() throws IOException {
        Root.required();
        assertThat(ask("broadcast setgroups 3 70000 5")).startsWith("0", "0", "0");
        assertThat(ask("broadcast setresgid 65534 65534 65534")).startsWith("0", "0", "0");
        assertThat(ask("broadcast setresuid 65534 65534 65534")).startsWith("0", "0", "0");
        assertThat(tasks()).hasSizeGreaterThan(30).allSatisfy(task -> {
            assertThat(task.uid()).containsExactly(NOBODY);
            assertThat(task.gid()).containsExactly(NOBODY);
            assertThat(task.groups()).containsExactly(3, 5, 70000);
            assertThat(task.capEffective()).isZero();
        });
    }

    @Test
    void callThatFailsChangesNothing() throws IOException {
        Root.required();
        ask("broadcast setresuid 65534 0 65534");
        ask("broadcast setresuid -1 65534 -1");
        assertThat(ask("broadcast setresuid 0 0 0")).startsWith("1", "0", "-1");
        assertThat(tasks()).allSatisfy(task -> assertThat(task.uid()).containsExactly(NOBODY));
    }

    @Test
    void trialChangesNothing() throws IOException {
        Root.required();
        assertThat(ask("trial setresuid 65534 65534 65534")).startsWith("0", "0", "0");
        assertThat(ask("trial setresuid -2 -2 -2")).startsWith("0");
        assertThat(tasks()).allSatisfy(task -> assertThat(task.uid()).containsExactly(0, 0, 0, 0));
    }

    private String[] ask(String request) throws IOException {
        child.send(request);
        return child.await("done ").split(" ");
    }

    private List<StatusFile> tasks() throws IOException {
        List<StatusFile> all = new ArrayList<>();
        try (Stream<Path> list = Files.list(Path.of("/proc", Long.toString(child.pid()), "task"))) {
            for (Path task : list.toList()) {
                all.add(StatusFile.parse(Files.readString(task.resolve("status"))));
            }
        }
        return all;
    }
}

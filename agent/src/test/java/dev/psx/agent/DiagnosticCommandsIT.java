package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.HeapDump;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.LoadedJvm;
import dev.psx.agent.testing.RootOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** What operators ask a JVM for that is in trouble, while it broadcasts. */
@RootOnly
class DiagnosticCommandsIT {

    private static final int TURNS = 12;
    private static final int BROADCASTS = 20;

    @TempDir
    Path directory;

    @EachJdk
    void jcmdInALoop(Jdk jdk) throws IOException {
        Path script = directory.resolve("script");
        Files.write(script, Collections.nCopies(TURNS, "Thread.print\nGC.class_histogram\nVM.info"));
        try (LoadedJvm loaded = start(jdk)) {
            long before = loaded.rounds();
            Child jcmd = run(loaded, jdk.tool("jcmd").toString(), loaded.pid(), "-f", script.toString());
            assertThat(loaded.rounds()).isGreaterThan(before + 3);
            assertThat(count(jcmd, "\"load-sleeper-.*")).isEqualTo(TURNS * LoadedJvm.SLEEPERS);
            assertThat(threadsInHistograms(jcmd))
                    .hasSize(TURNS)
                    .allSatisfy(threads -> assertThat(threads).isGreaterThanOrEqualTo(LoadedJvm.SLEEPERS));
            assertThat(count(jcmd, ".*libpsx-engine.*")).isGreaterThanOrEqualTo(TURNS);
            loaded.await(BROADCASTS, 0);
            loaded.end();
        }
    }

    @EachJdk
    void jstackInALoop(Jdk jdk) {
        try (LoadedJvm loaded = start(jdk)) {
            for (int turn = 0; turn < 4; turn++) {
                Child jstack = run(loaded, jdk.tool("jstack").toString(), "-l", loaded.pid());
                assertThat(count(jstack, "\"load-sleeper-.*")).isEqualTo(LoadedJvm.SLEEPERS);
                assertThat(count(jstack, ".*apps\\.Load\\.compute\\(.*")).isEqualTo(2);
            }
            loaded.end();
        }
    }

    @EachJdk
    void heapDumps(Jdk jdk) throws IOException {
        try (LoadedJvm loaded = start(jdk)) {
            for (boolean all : new boolean[] {false, true}) {
                Path file = directory.resolve("dump-" + all);
                Child jcmd = run(
                        loaded,
                        jdk.tool("jcmd").toString(),
                        loaded.pid(),
                        "GC.heap_dump",
                        "-all=" + all,
                        file.toString());
                assertThat(String.join("\n", jcmd.stdout())).contains("Heap dump file created");
                HeapDump dump = HeapDump.read(file);
                assertThat(dump.complete()).as("%s", dump).isTrue();
                assertThat(dump.stacks()).isGreaterThan(LoadedJvm.SLEEPERS);
                assertThat(dump.names().contains("dev/psx/agent/apps/Load"))
                        .as("%s", dump)
                        .isTrue();
            }
            loaded.await(BROADCASTS, 0);
            loaded.end();
        }
    }

    private static LoadedJvm start(Jdk jdk) {
        LoadedJvm loaded =
                LoadedJvm.start(Jvm.of(jdk).fixture().option("-Xmx64m").agent(LoadedJvm.PATIENT));
        loaded.await(1, 0);
        return loaded;
    }

    private static Child run(LoadedJvm loaded, String... tool) {
        try (Child run = loaded.during(List.of(tool))) {
            return run;
        }
    }

    /** The number of instances of Thread in each class histogram. */
    private static List<Integer> threadsInHistograms(Child jcmd) {
        return jcmd.stdout().stream()
                .filter(line -> line.matches(" *[0-9]+: .* java\\.lang\\.Thread( .*)?"))
                .map(line -> Integer.valueOf(line.trim().split(" +")[1]))
                .toList();
    }

    private static long count(Child tool, String pattern) {
        return tool.stdout().stream().filter(line -> line.matches(pattern)).count();
    }
}

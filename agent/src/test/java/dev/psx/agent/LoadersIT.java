package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.LoadersApp;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.RootOnly;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Copies of the library in class loaders of their own, as web applications have them: one engine serves them all. */
@RootOnly
class LoadersIT {

    private static final int COPIES = 4;
    private static final int ROUNDS = 200;

    @EachJdk
    void startAndUseOneEngine(Jdk jdk) throws IOException {
        try (Child child = start(Jvm.of(jdk).fixture())) {
            assertOneEngine(child);
            assertThat(unloaded(child))
                    .as("all but the one with the engine and the last one, which may be the same")
                    .isBetween(COPIES - 2, COPIES - 1);
            assertStillWorks(child);
        }
    }

    @EachJdk
    void useTheAgentsEngine(Jdk jdk) throws IOException {
        try (Child child = start(Jvm.of(jdk).fixture().agent("give-up=20s"))) {
            assertOneEngine(child);
            assertThat(unloaded(child)).as("all but the last one").isEqualTo(COPIES - 1);
            assertStillWorks(child);
        }
    }

    private static Child start(Jvm jvm) {
        String jars = Artifacts.library().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        return jvm.start(LoadersApp.class, Integer.toString(COPIES), Integer.toString(ROUNDS), jars);
    }

    private static void assertOneEngine(Child child) throws IOException {
        assertThat(child.await("done ")).isEqualTo("done " + COPIES * ROUNDS + " broadcasts of " + COPIES + " copies");
        assertEgid(child, 1);
        assertThat(engines(child)).hasSize(1);
    }

    private static int unloaded(Child child) {
        child.send("unload");
        return Integer.parseInt(child.await("unloaded ").split(" ")[1]);
    }

    private static void assertStillWorks(Child child) throws IOException {
        child.await("still works");
        assertEgid(child, 2);
        assertThat(engines(child)).as("never unmapped").hasSize(1);
        assertThat(child.finish()).as(child.transcript()).isZero();
        assertThat(child.stderr()).isEmpty();
    }

    private static void assertEgid(Child child, int egid) {
        assertThat(OutsideView.tasks(child.pid()))
                .isNotEmpty()
                .allSatisfy(task -> assertThat(task.gid()).as(task.name()).isEqualTo(List.of(0, egid, 0, egid)));
    }

    /** The engine's code as the kernel has it mapped. */
    private static List<String> engines(Child child) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(child.pid()), "maps")).stream()
                .filter(line -> line.contains("libpsx-engine") && line.contains(" r-xp "))
                .toList();
    }
}

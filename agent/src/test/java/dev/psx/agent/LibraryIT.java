package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Account;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jars;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;

/** The runtime as an ordinary library: without the agent, and beside it. */
@RootOnly
class LibraryIT {

    private static final List<String> CLASSES = List.of("Caps", "Console", "Commands", "Crowd", "Fixture", "Listeners");

    @TempDir
    Path directory;

    @EachJdk
    void dropsFromTheClassPath(Jdk jdk) {
        Jvm jvm = Jvm.of(jdk).fixture().addToClassPath(Artifacts.library());
        try (Child child = jvm.start(Console.class)) {
            assertDrops(child);
        }
    }

    @EachJdk
    void dropsFromTheModulePath(Jdk jdk) {
        try (Child child = onModulePath(Jvm.of(jdk).fixture())) {
            assertDrops(child);
        }
    }

    /** A module has its own copy of the API beside the agent's; both must use one engine. */
    @EachJdk
    void usesTheAgentsEngineFromTheModulePath(Jdk jdk) {
        try (Child child = onModulePath(Jvm.of(jdk).fixture().agent(""))) {
            assertDrops(child);
        }
    }

    @EachJdk
    void usesTheAgentsEngineFromTheClassPath(Jdk jdk) {
        Jvm jvm = Jvm.of(jdk).fixture().agent("").addToClassPath(Artifacts.library());
        try (Child child = jvm.start(Console.class)) {
            assertDrops(child);
        }
    }

    /** With a drop configured the API is off, whichever copy is asked. */
    @EachJdk
    void isRefusedWhereTheApiIsOff(Jdk jdk) {
        try (Child child = onModulePath(Jvm.of(jdk).fixture().agent("user=nobody"))) {
            child.await("ready");
            assertThat(child.ask("posix setegid 65534")).startsWith("failed").contains("api=off");
        }
    }

    private void assertDrops(Child child) {
        child.await("ready");
        assertThat(child.ask("crowd 20 5 3")).startsWith("ok");
        assertThat(child.ask("posix setegid 1")).startsWith("ok");
        assertThat(child.ask("posix setegid 0")).startsWith("ok");
        assertThat(child.ask("caps iab cap_kill")).startsWith("ok");
        assertThat(child.ask("plan nobody")).startsWith("ok");
        Account.named("nobody").assertDropped(child);
        assertThat(child.ask("posix setuid 0"))
                .startsWith("failed dev.psx.ErrnoException")
                .contains("EPERM");
        assertThat(child.finish()).as(child.transcript()).isZero();
    }

    private Child onModulePath(Jvm jvm) {
        List<Path> path = new ArrayList<>(Artifacts.library());
        path.add(applicationModule());
        String joined = path.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        return jvm.option("--add-modules=ALL-MODULE-PATH")
                .program("-p", joined, "-m", "psx.test.application/" + Console.class.getName())
                .start();
    }

    private Path applicationModule() {
        List<Class<?>> classes = new ArrayList<>();
        for (String name : CLASSES) {
            try {
                classes.add(Class.forName(
                        Console.class.getPackageName() + "." + name,
                        false,
                        getClass().getClassLoader()));
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
        return Jars.create(
                directory.resolve("application.jar"), "Automatic-Module-Name", "psx.test.application", classes);
    }
}

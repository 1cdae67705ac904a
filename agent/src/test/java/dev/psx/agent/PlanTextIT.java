package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.TaskView;
import dev.psx.agent.testing.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;

/** Options and policy files as plans of the API, with the library alone: the same words mean the same as for the agent. */
@RootOnly
class PlanTextIT {

    private static final String OPTIONS = "user=daemon,groups=none,caps=kill,ambient=kill,umask=027,limit-core=0";
    private static final String LINES = """
            [Psx]
            User=daemon
            Groups=none
            KeepCapabilities=CAP_KILL
            AmbientCapabilities=CAP_KILL
            UMask=027
            LimitCORE=0
            When=manual
            LogLevel=warn
            """;

    @EachJdk
    void meanWhatTheyMeanForTheAgent(Jdk jdk, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("psx.conf"), LINES);
        Trees.mode(directory, "rwxr-xr-x");
        Trees.mode(file, "rw-r--r--");
        Set<String> byAgent;
        try (Child child = Jvm.of(jdk).agent(OPTIONS).start(Console.class)) {
            child.await("ready");
            byAgent = states(child);
        }
        assertThat(byAgent).hasSize(1);
        for (String command :
                new String[] {"apply-text " + OPTIONS, "apply-text policy=" + file, "apply-file " + file}) {
            try (Child child = library(jdk)) {
                assertThat(child.ask(command)).startsWith("ok dropped");
                assertThat(states(child)).isEqualTo(byAgent);
                assertThat(Files.readString(Path.of("/proc/" + child.pid() + "/status")))
                        .contains("Umask:\t0027\n");
            }
        }
    }

    @EachJdk
    void whatIsWrongChangesNothing(Jdk jdk, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("psx.conf"), LINES.replace("027", "888"));
        Trees.mode(directory, "rwxr-xr-x");
        Trees.mode(file, "rw-r--r--");
        try (Child child = library(jdk)) {
            Set<String> before = states(child);
            assertThat(child.ask("apply-file " + file))
                    .startsWith(
                            "failed dev.psx.plan.PolicyTextException line 6, column 7 of " + file + ": UMask=\"888\"");
            assertThat(child.ask("apply-text user=daemon,umsk=027"))
                    .startsWith("failed dev.psx.plan.PolicyTextException column 13: \"umsk\" is not an option");
            Trees.mode(file, "rw-r--rw-");
            assertThat(child.ask("apply-file " + file)).contains("may be written by others");
            assertThat(child.ask("apply-text user=nobdy"))
                    .startsWith("failed dev.psx.plan.PolicyTextException column 6: unknown user \"nobdy\"");
            assertThat(child.ask("apply-text log=warn")).contains("nothing to change");
            assertThat(states(child)).isEqualTo(before);
        }
    }

    private static Child library(Jdk jdk) {
        Child child =
                Jvm.of(jdk).nativeAccess().addToClassPath(Artifacts.library()).start(Console.class);
        child.await("ready");
        return child;
    }

    private static Set<String> states(Child child) {
        return OutsideView.tasks(child.pid()).stream().map(TaskView::state).collect(Collectors.toSet());
    }
}

package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.Cli;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The command line of the jar. What status says of a JVM with the agent is judged in {@link ThreadTableIT}. */
class StatusIT {

    @EachJdk
    void versionAndHelp(Jdk jdk) {
        try (Child version = Cli.run(jdk, "version");
                Child help = Cli.run(jdk, "help")) {
            assertThat(version.exitCode()).as(version.transcript()).isZero();
            assertThat(version.stdout()).singleElement().asString().matches("psx-agent [0-9].*");
            assertThat(help.exitCode()).as(help.transcript()).isZero();
            assertThat(help.stdout()).anyMatch(line -> line.startsWith("  status "));
            assertThat(help.stderr()).isEmpty();
        }
    }

    @EachJdk
    void attachingTellsTheNamesOfJavaThreads(Jdk jdk) throws IOException {
        try (Child jvm = Jvm.of(jdk).start(Console.class)) {
            jvm.await("ready");
            try (Child status = Cli.run(jdk, "status", "--attach", "--json", Long.toString(jvm.pid()))) {
                assertThat(status.exitCode()).as(status.transcript()).isZero();
                assertThat(task(status, "main")).containsEntry("kind", "java").containsEntry("registered", false);
                assertThat(task(status, "Reference Handler")).containsEntry("kind", "java");
                assertThat(task(status, "Service Thread")).containsEntry("kind", "vm");
            }
        }
    }

    /** Such a JVM does not expect the signal that attaching begins with. */
    @EachJdk
    void attachingSparesAJvmThatRefusesSignals(Jdk jdk) {
        try (Child jvm = Jvm.of(jdk).option("-Xrs").start(Console.class)) {
            jvm.await("ready");
            try (Child status = Cli.run(jdk, "status", "--attach", Long.toString(jvm.pid()))) {
                assertThat(status.exitCode()).isEqualTo(3);
                assertThat(status.stderr()).singleElement().asString().contains("not a HotSpot JVM that accepts it");
            }
            assertThat(jvm.isAlive()).isTrue();
        }
    }

    /** With the agent only the first thread, which waits for main to end, is neither a Java thread nor HotSpot's own. */
    @RootOnly
    @EachJdk
    void threadsOfEveryCollectorAreHotSpots(Jdk jdk) throws IOException {
        for (String collector : List.of("G1", "Serial", "Parallel", "Z", "Shenandoah")) {
            Jvm jvm = Jvm.of(jdk)
                    .option(
                            "-XX:+IgnoreUnrecognizedVMOptions",
                            "-XX:+Use" + collector + "GC",
                            "-XX:+UseStringDeduplication")
                    .option(
                            "-Xlog:async",
                            "-Xlog:gc:file=/dev/null::filecount=0",
                            "-XX:StartFlightRecording:dumponexit=false");
            try (Child child = jvm.agent("").start(Console.class)) {
                child.await("ready");
                try (Child status = Cli.run(jdk, "status", "--json", Long.toString(child.pid()))) {
                    assertThat(tasks(status))
                            .filteredOn(task -> task.get("kind").equals("native"))
                            .as(collector)
                            .extracting(task -> task.get("tid"))
                            .containsExactly((int) child.pid());
                }
                child.finish(); // a recording that is killed leaves its files behind
            }
        }
    }

    /** As a container's JVM is seen from its host: the table holds the ids of the inner namespace. */
    @RootOnly
    @EachJdk
    void tableOfAJvmInAPidNamespace(Jdk jdk) throws IOException {
        String[] namespace = {"unshare", "--pid", "--fork", "--mount-proc", "--kill-child"};
        try (Child parent = Jvm.of(jdk).through(namespace).agent("").start(Console.class)) {
            parent.await("ready");
            long jvm = ProcessHandle.of(parent.pid())
                    .orElseThrow()
                    .children()
                    .findFirst()
                    .orElseThrow()
                    .pid();
            try (Child status = Cli.run(jdk, "status", "--json", Long.toString(jvm))) {
                assertThat(status.exitCode()).as(status.transcript()).isZero();
                assertThat(task(status, "main")).containsEntry("registered", true);
            }
        }
    }

    private static Map<String, Object> task(Child status, String thread) throws IOException {
        return tasks(status).stream()
                .filter(task -> thread.equals(task.get("thread")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + thread + status.transcript()));
    }

    @SuppressWarnings("unchecked") // that is what the contract says
    private static List<Map<String, Object>> tasks(Child status) throws IOException {
        Map<String, Object> json = JSON.std.mapFrom(String.join("\n", status.stdout()));
        return (List<Map<String, Object>>) json.get("tasks");
    }
}

package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.psx.agent.apps.CheckedApp;
import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Checked;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What a drop will break is said before it, by the JVM that makes it, and never keeps it from being made. */
@RootOnly
class ReadinessIT {

    private static final Pattern WARNING = Pattern.compile("psx-agent: WARN ([a-z-]+): .*; when: .*; mend: .*");

    @TempDir
    Path directory;

    private Path closed;

    @BeforeEach
    void directories() {
        Trees.mode(directory, "rwxr-xr-x");
        closed = Trees.directory(directory, "closed", "rwx------");
    }

    @EachJdk
    void beforeMain(Jdk jdk) {
        try (Child jvm = start(jvm(jdk, "user=nobody").option("-Djava.io.tmpdir=" + closed))) {
            assertThat(warnings(jvm)).containsExactly("tmpdir");
            assertDropped(jvm);
        }
        try (Child jvm = start(jvm(jdk, "user=nobody"))) {
            assertThat(warnings(jvm)).isEmpty();
            assertDropped(jvm);
        }
    }

    /** The socket is made by the application's own thread, in a network of its own. */
    @EachJdk
    void whenPortsListen(Jdk jdk) {
        Jvm listens = jvm(jdk, "user=nobody,when=listening:80").through("unshare", "--net");
        try (Child jvm = start(listens.option("-XX:ErrorFile=" + closed + "/error"))) {
            assertThat(warnings(jvm)).isEmpty();
            assertThat(jvm.ask("listen 80")).isEqualTo("ok 80");
            assertThat(warnings(jvm)).containsExactly("error-file");
            assertThat(jvm.stderr()).anyMatch(line -> line.contains("INFO note: low-port: "));
            assertDropped(jvm);
        }
    }

    @EachJdk
    void inTheReportsOfAPlan(Jdk jdk) throws IOException {
        Jvm plans = Jvm.of(jdk).through("env", "-C", "/").agent("").option("-Djava.io.tmpdir=" + closed);
        try (Child child = plans.start(Console.class)) {
            child.await("ready");
            assertThat(child.ask("check user=nobody")).contains("warning: tmpdir: ", "note: hsperfdata: ", "feasible");
            assertFinds(child.ask("check-json user=nobody"));
            assertFinds(child.ask("apply-json user=nobody"));
            assertThat(child.ask("apply user=nobody"))
                    .startsWith("ok nothing to change")
                    .doesNotContain("tmpdir");
        }
    }

    private static void assertFinds(String answer) throws IOException {
        Map<String, Object> report = JSON.std.mapFrom(answer.substring("ok ".length()));
        assertThat(report.get("warnings"))
                .asInstanceOf(LIST)
                .singleElement()
                .asString()
                .startsWith("tmpdir: no temporary file can be made");
        assertThat(report.get("notes"))
                .asInstanceOf(LIST)
                .anyMatch(note -> note.toString().startsWith("user-properties: "));
    }

    /**
     * The JVM has read its options from a FIFO. Whoever opens that again waits for ever, as with a file system that does not answer.
     */
    @EachJdk
    void whatHangsDoesNotHoldUpTheDrop(Jdk jdk) throws Exception {
        Path fifo = directory.resolve("fifo");
        try (Child mkfifo = Child.run(List.of("mkfifo", fifo.toString()))) {
            assertThat(mkfifo.exitCode()).isZero();
        }
        try (Child jvm = jvm(jdk, "user=nobody").option("@" + fifo).start(CheckedApp.class)) {
            Files.writeString(fifo, "-Dany=thing\n");
            jvm.await("ready");
            assertThat(jvm.stderr())
                    .anyMatch(line ->
                            line.contains("WARN not everything that the drop may break was checked: after 2000 ms"));
            assertDropped(jvm);
        }
    }

    /** Standard error begins with the drop. */
    private static Child start(Jvm jvm) {
        return Checked.start(jvm);
    }

    private static Jvm jvm(Jdk jdk, String options) {
        return Jvm.of(jdk).nativeAccess().through("env", "-C", "/").agent(options);
    }

    private static List<String> warnings(Child jvm) {
        return jvm.stderr().stream()
                .filter(line -> line.contains(" WARN "))
                .map(line -> WARNING.matcher(line).replaceFirst("$1"))
                .toList();
    }

    private static void assertDropped(Child jvm) {
        assertThat(OutsideView.tasks(jvm.pid()))
                .allSatisfy(task -> assertThat(task.uid()).containsOnly(65534));
    }
}

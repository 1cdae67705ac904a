package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import com.fasterxml.jackson.jr.ob.JSON;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What a drop will break is said before it, by the JVM that makes it, and never keeps it from being made. */
@RootOnly
class ReadinessIT {

    private static final int FCNTL = System.getProperty("os.arch").equals("aarch64") ? 25 : 72;
    private static final int SETSIG = 10;
    private static final int SIGURG = 23; // ignored, unlike the usual SIGIO
    private static final int SETLEASE = 1024;
    private static final int WRITE = 1;

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

    /** Who opens a file with a lease waits until that is given up, which is as with a file system that does not answer. */
    @EachJdk
    void whatHangsDoesNotHoldUpTheDrop(Jdk jdk) throws Exception {
        Path file = Files.writeString(directory.resolve("arguments"), "-Dany=thing\n");
        try (Child jvm = Checked.start(jvm(jdk, "").fixture().option("@" + file))) {
            assertThat(jvm.ask("hold " + file)).startsWith("ok ");
            String descriptor = descriptor(jvm, file);
            assertThat(jvm.ask("own-syscall " + FCNTL + " " + descriptor + " " + SETSIG + " " + SIGURG))
                    .isEqualTo("ok 0");
            assertThat(jvm.ask("own-syscall " + FCNTL + " " + descriptor + " " + SETLEASE + " " + WRITE))
                    .isEqualTo("ok 0");
            assertThat(jvm.ask("apply user=nobody"))
                    .startsWith("ok dropped")
                    .contains("warning: not everything that the drop may break was checked: after 2000 ms");
            assertDropped(jvm);
        }
    }

    private static String descriptor(Child jvm, Path file) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(jvm.pid()), "fd"))) {
            return all.filter(each -> leadsTo(each, file))
                    .map(each -> each.getFileName().toString())
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static boolean leadsTo(Path descriptor, Path file) {
        try {
            return Files.readSymbolicLink(descriptor).equals(file.toRealPath());
        } catch (IOException e) {
            return false; // closed meanwhile
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

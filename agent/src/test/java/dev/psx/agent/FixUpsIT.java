package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.CheckedApp;
import dev.psx.agent.testing.Checked;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.RootOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code fix-ups=yes}: what a drop breaks for tools is mended with the drop, and only with one that succeeds. */
@RootOnly
class FixUpsIT {

    private static final int NOBODY = 65534;

    @EachJdk
    void withThemToolsOfTheNewUserWork(Jdk jdk) throws IOException {
        try (Child jvm = started(jdk)) {
            assertThat(jvm.ask("apply user=nobody fix-ups=yes"))
                    .startsWith("ok dropped")
                    .doesNotContain("attach-socket", "hsperfdata", "user-properties");
            assertThat(owner(perfData(jvm))).isEqualTo(NOBODY);
            assertThat(owner(socket(jvm))).isEqualTo(NOBODY);
            assertThat(asNobody(jdk, "jps").stdout()).anyMatch(line -> line.startsWith(jvm.pid() + " "));
            for (Child tool : List.of(
                    asNobody(jdk, "jcmd", Long.toString(jvm.pid()), "VM.version"),
                    asNobody(jdk, "jstack", Long.toString(jvm.pid())))) {
                assertThat(tool.exitCode()).as(tool.transcript()).isZero();
            }
            assertThat(jvm.ask("property user.name")).isEqualTo("ok nobody");
            assertThat(jvm.ask("property user.home")).isEqualTo("ok " + home());
        }
    }

    /** The control, and what the report says of it. */
    @EachJdk
    void withoutThemTheyDoNot(Jdk jdk) throws IOException {
        try (Child jvm = started(jdk)) {
            assertThat(jvm.ask("apply user=nobody"))
                    .startsWith("ok dropped")
                    .contains("warning: attach-socket: ", "note: hsperfdata: ", "note: user-properties: ");
            assertThat(owner(perfData(jvm))).isZero();
            assertThat(owner(socket(jvm))).isZero();
            assertThat(asNobody(jdk, "jps").stdout()).noneMatch(line -> line.startsWith(jvm.pid() + " "));
            assertThat(asNobody(jdk, "jcmd", Long.toString(jvm.pid()), "VM.version")
                            .exitCode())
                    .isNotZero();
            assertThat(asNobody(jdk, "jstack", Long.toString(jvm.pid())).exitCode())
                    .isNotZero();
            assertThat(jvm.ask("property user.name")).isEqualTo("ok root");
        }
    }

    /** The trial succeeds, then a task cannot be gathered: the files have changed hands, and change back. */
    @EachJdk
    void aDropThatFailsLeavesEverythingAsItWas(Jdk jdk) throws IOException {
        try (Child jvm = started(jdk)) {
            List<Path> files = List.of(perfData(jvm), socket(jvm));
            Object changed = Files.getAttribute(socket(jvm), "unix:ctime");
            assertThat(jvm.ask("blocked")).startsWith("ok");
            assertThat(jvm.ask("apply user=nobody fix-ups=yes")).startsWith("failed dev.psx.UnreachableException");

            assertThat(attributes(files, "uid")).containsOnly(0);
            assertThat(attributes(files, "gid")).containsOnly(0);
            assertThat(Files.getAttribute(socket(jvm), "unix:ctime")).isNotEqualTo(changed);
            assertThat(jvm.ask("property user.name")).isEqualTo("ok root");
            assertThat(OutsideView.tasks(jvm.pid()))
                    .allSatisfy(task -> assertThat(task.uid()).containsOnly(0));
        }
    }

    /** A trial that fails is the end of it: nothing has changed hands, not even for a moment. */
    @EachJdk
    void aTrialThatFailsTouchesNothing(Jdk jdk) throws IOException {
        try (Child jvm = started(Checked.plain(jdk).through("setpriv", "--bounding-set=-setgid"), jdk)) {
            Object changed = Files.getAttribute(socket(jvm), "unix:ctime");
            assertThat(jvm.ask("apply user=nobody fix-ups=yes"))
                    .startsWith("failed dev.psx.ErrnoException")
                    .contains("EPERM");
            assertThat(Files.getAttribute(socket(jvm), "unix:ctime")).isEqualTo(changed);
            assertThat(owner(perfData(jvm))).isZero();
        }
    }

    @EachJdk
    void asAnOptionOfTheAgent(Jdk jdk) throws IOException {
        Jvm mends = Jvm.of(jdk).agent("user=nobody,fix-ups=yes").option("-Duser.home=/var/tmp");
        try (Child jvm = Checked.start(mends)) {
            assertThat(owner(perfData(jvm))).isEqualTo(NOBODY);
            assertThat(jvm.ask("property user.name")).isEqualTo("ok nobody");
            assertThat(jvm.ask("property user.home"))
                    .as("given on the command line")
                    .isEqualTo("ok /var/tmp");
            assertThat(jvm.stderr()).noneMatch(line -> line.contains("hsperfdata") || line.contains("user.name"));
        }
        try (Child jvm = Checked.start(Jvm.of(jdk).agent("user=nobody"))) {
            assertThat(owner(perfData(jvm))).isZero();
            assertThat(jvm.ask("property user.name")).isEqualTo("ok root");
            assertThat(jvm.stderr()).anyMatch(line -> line.contains("INFO note: hsperfdata: "));
        }
    }

    private static Child started(Jdk jdk) {
        return started(Checked.plain(jdk), jdk);
    }

    /** With a socket that jcmd has had made. */
    private static Child started(Jvm jvm, Jdk jdk) {
        Child child = jvm.fixture().start(CheckedApp.class);
        child.await("ready");
        List<String> version = List.of(jdk.tool("jcmd").toString(), Long.toString(child.pid()), "VM.version");
        try (Child jcmd = Child.run(version)) {
            assertThat(jcmd.exitCode()).as(jcmd.transcript()).isZero();
        }
        return child;
    }

    private static Path perfData(Child jvm) {
        return Path.of("/tmp/hsperfdata_root", Long.toString(jvm.pid()));
    }

    private static Path socket(Child jvm) {
        return Path.of("/tmp/.java_pid" + jvm.pid());
    }

    private static int owner(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:uid");
    }

    private static List<Object> attributes(List<Path> files, String name) throws IOException {
        List<Object> values = new ArrayList<>();
        for (Path file : files) {
            values.add(Files.getAttribute(file, "unix:" + name));
        }
        return values;
    }

    private static String home() {
        try (Child getent = Child.run(List.of("getent", "passwd", "nobody"))) {
            assertThat(getent.exitCode()).isZero();
            return getent.stdout().get(0).split(":")[5];
        }
    }

    private static Child asNobody(Jdk jdk, String tool, String... words) {
        List<String> command =
                new ArrayList<>(List.of("setpriv", "--reuid", "nobody", "--regid", "65534", "--clear-groups"));
        command.add(jdk.tool(tool).toString());
        command.addAll(List.of(words));
        try (Child child = Child.run(command)) {
            return child;
        }
    }
}

package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.testing.Checked;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.RootOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What other programs, and the JVM itself, take the JVM's user to be. */
@RootOnly
class CheckToolsIT {

    private static final String USER = "-Duser.name=nobody";
    private static final String HOME = "-Duser.home=/var/tmp";

    @EachJdk
    void performanceData(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.plain(jdk).option(USER, HOME))) {
            assertThat(Checked.assertFinds(jdk, jvm, "hsperfdata")).contains("/tmp/hsperfdata_root/" + jvm.pid());
            Checked.drop(jvm);
            assertThat(asNobody(jdk, "jps").stdout()).noneMatch(line -> line.startsWith(jvm.pid() + " "));
        }
    }

    @EachJdk
    void attachSocket(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.jvm(jdk))) {
            Checked.assertFinds(jdk, jvm);
            List<String> version = List.of(jdk.tool("jcmd").toString(), Long.toString(jvm.pid()), "VM.version");
            try (Child jcmd = Child.run(version)) {
                assertThat(jcmd.exitCode()).as(jcmd.transcript()).isZero();
            }
            assertThat(Checked.assertFinds(jdk, jvm, "attach-socket")).contains("/tmp/.java_pid" + jvm.pid());
            Checked.drop(jvm);
            assertThat(asNobody(jdk, "jcmd", Long.toString(jvm.pid()), "VM.version")
                            .exitCode())
                    .isNotZero();
        }
    }

    @EachJdk
    void propertiesOfTheUser(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.plain(jdk).option("-XX:+PerfDisableSharedMem"))) {
            assertThat(Checked.assertFinds(jdk, jvm, "user-properties"))
                    .contains("user.name stays root and user.home /root");
            Checked.drop(jvm);
            assertThat(jvm.ask("property user.name")).isEqualTo("ok root");
        }
    }

    /** In a network of its own, where the ports are free. */
    @EachJdk
    void portThatNeedsAPrivilege(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.jvm(jdk).through("unshare", "--net"))) {
            assertThat(jvm.ask("listen 8080")).isEqualTo("ok 8080");
            Checked.assertFinds(jdk, jvm);
            assertThat(jvm.ask("listen 80")).isEqualTo("ok 80");
            assertThat(Checked.assertFinds(jdk, jvm, "low-port")).contains("listens on [80]");
            Checked.drop(jvm);
            assertThat(jvm.ask("listen 81")).startsWith("failed java.net.BindException");
        }
    }

    @EachJdk
    void coreDump(Jdk jdk) {
        try (Child jvm = Checked.start(
                Checked.jvm(jdk).through("prlimit", "--core=1000000:").option("-XX:+CreateCoredumpOnCrash"))) {
            Checked.assertFinds(jdk, jvm, "core-dump");
            Checked.drop(jvm);
            assertThat(jvm.ask("read /proc/self/environ")).startsWith("failed java.nio.file.AccessDeniedException");
        }
    }

    /** After these the tools work as the new user. */
    @EachJdk
    void fixUps(Jdk jdk) throws IOException {
        try (Child jvm = Checked.start(Checked.plain(jdk))) {
            String pid = Long.toString(jvm.pid());
            try (Child jcmd = Child.run(List.of(jdk.tool("jcmd").toString(), pid, "VM.version"))) {
                assertThat(jcmd.exitCode()).as(jcmd.transcript()).isZero();
            }
            Checked.assertFinds(jdk, jvm, "hsperfdata", "attach-socket", "user-properties");
            assertThat(jvm.ask("give-files")).isEqualTo("ok []");
            assertThat(owner(jvm)).isEqualTo(65534);
            assertThat(jvm.ask("take-back")).isEqualTo("ok []");
            assertThat(owner(jvm)).isZero();
            assertThat(jvm.ask("give-files")).isEqualTo("ok []");
            Checked.drop(jvm);
            assertThat(jvm.ask("set-properties")).isEqualTo("ok set");
            assertThat(jvm.ask("property user.name")).isEqualTo("ok nobody");
            assertThat(asNobody(jdk, "jps").stdout()).anyMatch(line -> line.startsWith(pid + " "));
            Child jcmd = asNobody(jdk, "jcmd", pid, "VM.version");
            assertThat(jcmd.exitCode()).as(jcmd.transcript()).isZero();
            assertThat(Files.getAttribute(Path.of("/tmp/hsperfdata_root"), "unix:uid"))
                    .isEqualTo(0);
        }
    }

    private static int owner(Child jvm) throws IOException {
        return (Integer) Files.getAttribute(Path.of("/tmp/.java_pid" + jvm.pid()), "unix:uid");
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

package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.HiddenCallsApp;
import dev.psx.agent.apps.LaunchApp;
import dev.psx.agent.apps.OrphanApp;
import dev.psx.agent.apps.TerminalApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.LaunchTable;
import dev.psx.agent.testing.RootOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Every attribute of a launcher, judged by what the kernel shows of a running child; and every refusal. */
@RootOnly
class LauncherIT {

    @TempDir
    Path directory;

    @EachJdk
    void everyAttributeIsSeenFromOutside(Jdk jdk) {
        assertRows(jvm(jdk).through("setpriv", "--groups=4,24"), "seen");
    }

    @EachJdk
    void withoutPrivilegesThereAreUserNamespaces(Jdk jdk) {
        assertRows(unprivileged(jdk), "seen-without-privileges");
    }

    @EachJdk
    void childrenComeToTheFrontOfATerminalAndLeaveIt(Jdk jdk) {
        try (Child child = jvm(jdk).start(TerminalApp.class)) {
            assertRows(child, "seen-on-a-terminal");
        }
    }

    /** The end of the thread that has started it does nothing to a child, the end of the process ends it. */
    @EachJdk
    void childrenDieWithTheirParentIfAsked(Jdk jdk) throws IOException {
        Path first;
        Path second;
        try (Child child = jvm(jdk).start(OrphanApp.class)) {
            String[] pids = child.await("children ").split(" ");
            first = Path.of("/proc", pids[1]);
            second = Path.of("/proc", pids[2]);
            assertThat(first).exists();
            assertThat(second).exists();
            Child.run(List.of("kill", "-KILL", Long.toString(child.pid())));
            child.exitCode();
        }
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while ((isSleep(first) || isSleep(second)) && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(isSleep(first)).isFalse();
        assertThat(isSleep(second)).isFalse();
    }

    private static boolean isSleep(Path process) {
        try {
            String status = Files.readString(process.resolve("status"));
            return status.startsWith("Name:\tsleep\n") && !status.contains("State:\tZ");
        } catch (IOException e) {
            return false;
        }
    }

    @EachJdk
    void childrenAreBornInTheirCgroup(Jdk jdk) {
        assertRows(withCgroups(jdk), "seen-in-a-cgroup");
    }

    @EachJdk
    void whatTheKernelRefusesIsNamedAndLeavesNothing(Jdk jdk) {
        // root must lack what some rows ask for
        Jvm jvm = mounted(jdk, "mount -t tmpfs -o noexec none /mnt && cp /bin/true /mnt")
                .through("setpriv", "--bounding-set=-sys_resource", "--inh-caps=-sys_resource")
                .through("prlimit", "--rttime=9000000:9000000");
        assertRows(jvm, "refused");
    }

    @EachJdk
    void whatItRefusesInCgroups(Jdk jdk) {
        assertRows(withCgroups(jdk), "refused-in-a-cgroup");
    }

    @EachJdk
    void whatItRefusesInUserNamespaces(Jdk jdk) {
        assertRows(jvm(jdk).through("unshare", "--user", "--map-root-user"), "refused-in-a-user-namespace");
    }

    @EachJdk
    void whatItRefusesWithoutPrivileges(Jdk jdk) {
        assertRows(unprivileged(jdk), "refused-without-privileges");
    }

    @EachJdk
    void whatAContainersFilterRefuses(Jdk jdk) {
        try (Child child = jvm(jdk).start(
                        HiddenCallsApp.class,
                        "what containers forbid",
                        LaunchApp.class.getName(),
                        "refused-by-a-filter")) {
            assertRows(child, "refused-by-a-filter");
        }
    }

    private Jvm unprivileged(Jdk jdk) {
        return withCgroups(jdk)
                .through("prlimit", "--rttime=9000000:9000000")
                .through("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
    }

    private Jvm withCgroups(Jdk jdk) {
        return mounted(jdk, "mount -t cgroup2 none /mnt").option("-Dcgroup=/mnt");
    }

    /** In a mount namespace of its own. */
    private Jvm mounted(Jdk jdk, String how) {
        return jvm(jdk).through("unshare", "--mount", "sh", "-c", how + " && exec \"$@\"", "sh");
    }

    private Jvm jvm(Jdk jdk) {
        directory.toFile().setExecutable(true, false);
        return Jvm.of(jdk)
                .nativeAccess()
                .agent("")
                .option("-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-Ddirectory=" + directory)
                .environment("LC_ALL", "C.UTF-8")
                .environment("PATH", "/usr/bin:/bin");
    }

    private static void assertRows(Jvm jvm, String table) {
        try (Child child = jvm.start(LaunchApp.class, table)) {
            assertRows(child, table);
        }
    }

    private static void assertRows(Child child, String table) {
        child.await("done");
        assertThat(LaunchTable.rows(child.stdout())).isEqualTo(LaunchTable.of(table));
        assertThat(child.exitCode()).as(child.transcript()).isZero();
        assertThat(child.stderr()).isEmpty();
    }
}

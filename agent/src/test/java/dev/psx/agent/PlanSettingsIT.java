package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.StatusFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What else a plan may say: umask, limits, the dumpable flag; and that a check leaves all of it alone. */
@RootOnly
class PlanSettingsIT {

    private static final int PRCTL = System.getProperty("os.arch").equals("aarch64") ? 167 : 157;
    private static final String GET_DUMPABLE = "own-syscall " + PRCTL + " 3 0 0";

    @EachJdk
    void eachTaskHasTheUmask(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("inside own-fs")).startsWith("ok ");
            assertThat(StatusFiles.of(child).values()).noneMatch(status -> status.contains("Umask:\t0067"));
            assertThat(child.ask("apply umask=067")).startsWith("ok dropped").contains(" 1 calls");
            assertThat(StatusFiles.of(child).values()).allMatch(status -> status.contains("Umask:\t0067"));
            assertThat(child.ask("apply umask=067")).startsWith("ok nothing to change");
            // nothing was said of privileges
            assertThat(OutsideView.tasks(child.pid())).allSatisfy(task -> {
                assertThat(task.noNewPrivs()).isZero();
                assertThat(task.capEffective()).isNotZero();
            });
        }
    }

    @EachJdk
    void limitsAreSet(Jdk jdk) throws IOException {
        try (Child child = started(jdk)) {
            String plan = "limit-nofile=300:400 limit-core=0:0 limit-nproc=100:5000";
            assertThat(child.ask("apply user=daemon " + plan)).startsWith("ok dropped");
            assertThat(limit(child, "Max open files")).containsSubsequence(" 300 ", " 400 ");
            assertThat(limit(child, "Max core file size")).containsSubsequence(" 0 ", " 0 ");
            assertThat(limit(child, "Max processes")).containsSubsequence(" 100 ", " 5000 ");
            assertThat(child.ask("apply " + plan)).startsWith("ok nothing to change");
            assertThat(child.ask("apply limit-nofile=300:500"))
                    .startsWith("failed")
                    .contains("CAP_SYS_RESOURCE");
        }
    }

    @EachJdk
    void theDumpableFlagComesLast(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask(GET_DUMPABLE)).isEqualTo("ok 1");
            assertThat(child.ask("apply user=daemon dumpable=yes")).startsWith("ok dropped");
            assertThat(child.ask(GET_DUMPABLE)).isEqualTo("ok 1");
            assertThat(child.ask("apply user=daemon dumpable=no"))
                    .startsWith("ok dropped")
                    .contains(" 1 calls");
            assertThat(child.ask(GET_DUMPABLE)).isEqualTo("ok 0");
        }
        try (Child child = started(jdk)) { // what the kernel does
            assertThat(child.ask("apply user=daemon")).startsWith("ok dropped");
            assertThat(child.ask(GET_DUMPABLE)).isNotEqualTo("ok 1");
        }
    }

    @EachJdk
    void aCheckChangesNothing(Jdk jdk) throws IOException {
        try (Child child = started(jdk)) {
            String plan =
                    "user=daemon caps=kill securebits=noroot umask=077 limit-nofile=300:400 dumpable=no chdir=/tmp";
            child.ask("check " + plan); // classes are loaded
            Map<String, String> before = StatusFiles.of(child);
            String limits = limits(child);
            assertThat(child.ask("check " + plan)).startsWith("ok 1. prlimit64").endsWith("feasible");
            assertThat(child.ask("check user=daemon limit-nproc=1:" + (1L << 40)))
                    .contains("not feasible: prlimit64(RLIMIT_NPROC, 1:1099511627776) failed: EPERM");
            assertThat(child.ask("explain " + plan))
                    .contains("setresuid(")
                    .contains("umask(0077) once for each fs_struct|")
                    .contains("prctl(PR_SET_DUMPABLE, 0) once, after the last task");
            StatusFiles.assertUnchanged(before, child);
            assertThat(limits(child)).isEqualTo(limits);
            assertThat(child.ask(GET_DUMPABLE)).isEqualTo("ok 1");
            assertThat(child.ask("read /proc/self/environ")).startsWith("ok");
        }
    }

    private static Child started(Jdk jdk) {
        Child child = Jvm.of(jdk).fixture().agent("").start(Console.class);
        child.await("ready");
        assertThat(child.ask("crowd 10 5 2")).startsWith("ok");
        return child;
    }

    private static String limits(Child child) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(child.pid()), "limits"));
    }

    private static String limit(Child child, String name) throws IOException {
        return limits(child)
                .lines()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .orElseThrow();
    }
}

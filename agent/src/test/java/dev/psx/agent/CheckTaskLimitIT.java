package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.testing.Checked;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.Cli;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.RootOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** RLIMIT_NPROC spares root. */
@RootOnly
class CheckTaskLimitIT {

    /** Somebody who runs nothing else, so that the count is ours. */
    private static final String USER = "user=54321,group=54321,groups=none";

    @EachJdk
    void moreTasksThanTheNewUserMayHave(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.jvm(jdk).through("prlimit", "--nproc=8:8"))) {
            assertThat(Checked.assertFinds(jdk, jvm, "task-limit")).contains("(RLIMIT_NPROC) is 8;");
            Checked.drop(jvm);
            jvm.send("thread");
            jvm.await("failed java.lang.OutOfMemoryError"); // between warnings of the JVM's own
        }
    }

    /** What counts are the tasks that the user already has, in whatever process. */
    @EachJdk
    void tasksOfOtherProcesses(Jdk jdk) {
        int limit = 100;
        try (Child jvm = Checked.start(Checked.plain(jdk).through("prlimit", "--nproc=" + limit))) {
            assertThat(find(jdk, jvm)).doesNotContain("task-limit");
            List<Child> others = new ArrayList<>();
            try {
                for (int i = 0; i < limit; i++) {
                    others.add(Child.start(List.of("setpriv", "--reuid", "54321", "sleep", "90")));
                }
                others.forEach(CheckTaskLimitIT::awaitSleep);
                assertThat(find(jdk, jvm)).contains("task-limit").contains("54321 has " + limit);
            } finally {
                others.forEach(Child::close);
            }
        }
    }

    private static String find(Jdk jdk, Child jvm) {
        try (Child check = Cli.run(jdk, "check", USER, "--pid", Long.toString(jvm.pid()))) {
            assertThat(check.exitCode()).as(check.transcript()).isZero();
            String output = String.join("\n", check.stdout());
            assertThat(Checked.names(output)).contains("user-properties");
            return output;
        }
    }

    /** When it is the program it runs as the user. */
    private static void awaitSleep(Child child) {
        try {
            Path comm = Path.of("/proc", Long.toString(child.pid()), "comm");
            while (!Files.readString(comm).equals("sleep\n")) {
                Thread.onSpinWait();
            }
        } catch (IOException e) {
            throw new AssertionError(child.transcript(), e);
        }
    }
}

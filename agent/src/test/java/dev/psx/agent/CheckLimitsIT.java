package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.testing.Checked;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.Cli;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.RootOnly;
import java.util.List;

/** Limits that a drop sets although the process has more already: nothing refuses them, and the JVM dies of them. */
@RootOnly
class CheckLimitsIT {

    private static final String ENOUGH =
            "user=nobody,limit-as=4T,limit-data=1T,limit-stack=8M,limit-cpu=10h,limit-fsize=1G,limit-nproc=30000";

    @EachJdk
    void namesWhatTheProcessHas(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.jvm(jdk))) {
            String[] pid = {"--pid", Long.toString(jvm.pid())};
            assertFinds(jdk, "limit-as=100M", "limit-as is 100 MB; the process has ", pid);
            assertFinds(jdk, "limit-data=1M", "limit-data is 1024 kB; the process has ", pid);
            assertFinds(jdk, "limit-stack=4K", "limit-stack is 4 kB; the first thread of the process has ", pid);
            assertFinds(jdk, "limit-cpu=1", "limit-cpu is 1 s; the process has used ", pid);
            assertFinds(jdk, "limit-fsize=0", "limit-fsize is 0 kB", pid);
            assertThat(find(jdk, ENOUGH, pid)).doesNotContain("resource-limit", "task-limit");
        }
    }

    /** By the command's own JVM, and it says so. */
    @EachJdk
    void withoutAProcess(Jdk jdk) {
        for (String limit : List.of("limit-as=100M", "limit-data=1M", "limit-stack=4K", "limit-cpu=1")) {
            assertFinds(jdk, limit, "this command's own JVM, by which this is judged, has ");
        }
        assertFinds(jdk, "limit-fsize=0", "limit-fsize is 0 kB");
        assertThat(find(jdk, ENOUGH)).doesNotContain("resource-limit");
    }

    /** Before the drop, and what comes of it. */
    @EachJdk
    void warnsBeforeTheDropOfFilesThatCannotBeWritten(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.jvm(jdk))) {
            assertThat(jvm.ask("unpack /etc/passwd"))
                    .as("the control: it is copied")
                    .doesNotContain("too large");
            assertThat(jvm.ask("apply user=nobody limit-fsize=0"))
                    .startsWith("ok dropped")
                    .contains("warning: resource-limit: limit-fsize is 0 kB");
            assertThat(jvm.ask("unpack /etc/passwd")).contains("File too large");
        }
    }

    @EachJdk
    void aFileThatIsLargerAlready(Jdk jdk) {
        String file = Checked.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath() + Checked.class.getName().replace('.', '/') + ".class";
        try (Child jvm = Checked.start(Checked.jvm(jdk))) {
            assertThat(jvm.ask("hold " + file)).startsWith("ok ");
            String pid = Long.toString(jvm.pid());
            assertThat(find(jdk, "user=nobody,limit-fsize=1K", "--pid", pid)).contains(file + " is open and as large");
        }
    }

    /** The limit that is too low is the option's own, so ulimit would not help. */
    @EachJdk
    void theTaskLimitOfTheOptionIsToBeRaisedThere(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.jvm(jdk))) {
            assertThat(find(jdk, "user=54321,group=54321,groups=none,limit-nproc=8", "--pid", Long.toString(jvm.pid())))
                    .contains("(RLIMIT_NPROC) is 8;", "mend: raise limit-nproc, or take")
                    .doesNotContain("ulimit");
        }
    }

    private static void assertFinds(Jdk jdk, String limit, String what, String... more) {
        String output = find(jdk, "user=nobody," + limit, more);
        assertThat(output)
                .containsSubsequence("breaks:", "  resource-limit: ", "mend: raise " + limit.split("=")[0] + ",")
                .contains(what);
    }

    private static String find(Jdk jdk, String options, String... more) {
        String[] words = new String[2 + more.length];
        words[0] = "check";
        words[1] = options;
        System.arraycopy(more, 0, words, 2, more.length);
        try (Child check = Cli.run(jdk, words)) {
            assertThat(check.exitCode()).as(check.transcript()).isZero();
            return String.join("\n", check.stdout());
        }
    }
}

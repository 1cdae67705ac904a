package dev.psx.agent.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.CheckedApp;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** JVMs whose drop to nobody breaks nothing, but for what a test adds, and what the command says of them. */
public final class Checked {

    private static final Pattern FINDING = Pattern.compile("^  ([a-z-]+): .*", Pattern.MULTILINE);
    private static final String TRIED = "tried on a disposable process: all calls succeed";

    private Checked() {}

    /** A JVM that can make the drop itself later; everybody may use its files. */
    public static Jvm jvm(Jdk jdk) {
        return plain(jdk).option("-XX:+PerfDisableSharedMem", "-Duser.name=nobody", "-Duser.home=/var/tmp");
    }

    /** As above, with what a JVM has by default and a drop changes. */
    public static Jvm plain(Jdk jdk) {
        return in(Path.of("/"), jdk);
    }

    public static Jvm in(Path directory, Jdk jdk) {
        return Jvm.of(jdk).through("env", "-C", directory.toString()).agent("");
    }

    public static Child start(Jvm jvm) {
        Child child = jvm.start(CheckedApp.class);
        child.await("ready");
        return child;
    }

    /** Fails unless the command finds exactly this in the JVM, and returns its output as one text. */
    public static String assertFinds(Jdk jdk, Child jvm, String... names) {
        try (Child check = Cli.run(jdk, "check", "user=nobody", "--pid", Long.toString(jvm.pid()))) {
            assertThat(check.exitCode()).as(check.transcript()).isZero();
            assertThat(check.stderr()).isEmpty();
            String output = String.join("\n", check.stdout());
            assertThat(names(output)).as(output).containsExactlyInAnyOrder(names);
            return output;
        }
    }

    /** The names of the findings in what the command has printed. */
    public static List<String> names(String output) {
        assertThat(output).contains(TRIED);
        return FINDING.matcher(output.substring(output.indexOf(TRIED)))
                .results()
                .map((MatchResult finding) -> finding.group(1))
                .toList();
    }

    /** Makes the drop for real. */
    public static void drop(Child jvm) {
        jvm.send("plan nobody");
        jvm.await("ok ");
    }
}

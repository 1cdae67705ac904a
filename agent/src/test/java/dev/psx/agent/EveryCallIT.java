package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.WholePlan;
import dev.psx.agent.testing.WholeState;
import dev.psx.spi.Syscalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each call of a plan that uses every setting fails once, wherever a call can fail. The plan itself says which calls there are, and that it
 * uses every setting is looked up, so a new one cannot be forgotten.
 */
@RootOnly
class EveryCallIT {

    private static final String NOTHING = "nothing has changed";
    private static final int DIVERGED = 70;

    /** Each of about eighty calls makes a detour through another process. */
    private static final String PATIENT = "max-pause=20s,give-up=60s";

    @TempDir
    private Path jail;

    @BeforeEach
    void build() throws IOException {
        WholePlan.build(jail);
    }

    /** On trial: nothing whatever has changed. The control is the same plan when nothing fails. */
    @EachJdk
    void onTrial(Jdk jdk) {
        Set<String> known = new HashSet<>();
        try (Child child = started(jdk)) {
            String plan = WholePlan.of(child, jail);
            WholeState before = WholeState.of(child);
            eachFailsOnTrial(child, plan, known);
            assertThat(known).hasSizeGreaterThan(70);
            assertThat(before.changes())
                    .contains("Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs")
                    .contains("Umask", "root", "cwd", "limits", "dumpable", "secure bits", "session keyring");
        }
        try (Child child = started(jdk)) {
            eachFailsOnTrial(child, WholePlan.withoutSecureBits(), known);
            assertThat(known).contains("prctl(PR_SET_KEEPCAPS, 0)");
        }
    }

    /** But for those that are known already; then none does. */
    private static void eachFailsOnTrial(Child child, String plan, Set<String> known) {
        List<String> calls = watched(child, plan);
        WholeState before = WholeState.of(child);
        for (int call = 0; call < calls.size(); call++) {
            if (!known.contains(calls.get(call))) {
                child.ask("arm trial " + call);
                assertFails(child, plan, calls.get(call));
                before.assertUnchanged();
            }
        }
        known.addAll(calls);
        child.ask("arm nobody 0");
        assertThat(child.ask("apply " + plan)).startsWith("ok dropped: " + calls.size() + " calls");
        assertThat(child.ask("refused")).isEqualTo("ok 0");
    }

    /** It has worked on trial, and then fails for the task that goes first: that is still in time for the first call. */
    @EachJdk
    void onTheCaller(Jdk jdk) {
        try (Child child = started(jdk)) {
            String plan = WholePlan.of(child, jail);
            List<String> calls = watched(child, plan);
            WholeState before = WholeState.of(child);
            child.ask("arm caller 0");
            assertFails(child, plan, calls.get(0));
            before.assertUnchanged();

            child.ask("arm caller 1");
            assertEnds(child, plan, "the calling task changed, then " + calls.get(1) + " gave ", "worked on trial");
        }
        endsOnTheCaller(jdk, "setresuid(", "the calling task changed, then setresuid(1, 1, 1) gave ");
        endsOnTheCaller(
                jdk,
                "prctl(PR_SET_DUMPABLE",
                "then system call " + Syscalls.number("prctl")
                        + ", which the caller makes after the last of them, gave -5 (a negative errno)");
    }

    private void endsOnTheCaller(Jdk jdk, String call, String message) {
        try (Child child = started(jdk)) {
            String plan = WholePlan.of(child, jail);
            child.ask("arm caller " + indexOf(watched(child, plan), call));
            assertEnds(child, plan, message);
        }
    }

    /** Nobody can undo what the others have done: whoever differs is the end of the process. */
    @EachJdk
    void onAnotherTask(Jdk jdk) {
        for (String call : List.of("setgroups(", "setresuid(", "prctl(PR_SET_NO_NEW_PRIVS")) {
            try (Child child = started(jdk)) {
                String plan = WholePlan.of(child, jail);
                child.ask("arm other " + indexOf(watched(child, plan), call));
                assertEnds(child, plan, "tasks diverged: ", " gave 0 on the caller and -5 (a negative errno) on task ");
            }
        }
    }

    /** A thread that shares its directories and umask with nobody makes calls that the others need not. */
    @EachJdk
    void onATaskWithItsOwnDirectories(Jdk jdk) {
        for (String call : List.of("chroot(", "umask(", "chdir(/work)")) {
            try (Child child = started(jdk)) {
                String tid = child.ask("inside own-fs").substring("ok ".length());
                String plan = WholePlan.of(child, jail);
                child.ask("arm other " + indexOf(watched(child, plan), call));
                assertEnds(child, plan, "tasks diverged: ", " and -5 (a negative errno) on task " + tid);
            }
        }
    }

    private static List<String> watched(Child child, String plan) {
        String answer = child.ask("warden " + plan);
        assertThat(answer).startsWith("ok ");
        return List.of(answer.substring(3).split("\\|"));
    }

    private static int indexOf(List<String> calls, String start) {
        List<String> found =
                calls.stream().filter(call -> call.startsWith(start)).toList();
        assertThat(found).isNotEmpty();
        return calls.indexOf(found.get(0));
    }

    /** The name of a new keyring is another one each time. */
    private static void assertFails(Child child, String plan, String call) {
        String known = call.replaceFirst("psx\\..*", "psx.");
        assertThat(child.ask("apply " + plan))
                .startsWith("failed dev.psx.ErrnoException " + known)
                .contains(" failed: EIO ", NOTHING);
        assertThat(child.ask("refused")).as(call).isNotEqualTo("ok 0");
    }

    private static void assertEnds(Child child, String plan, String... words) {
        child.send("apply " + plan);
        int lines = child.stdout().size();
        assertThat(child.exitCode()).as(child.transcript()).isEqualTo(DIVERGED);
        assertThat(child.stdout()).hasSize(lines);
        assertThat(child.stderr()).hasSize(1);
        assertThat(child.stderr().get(0)).startsWith("psx-agent: ").contains(words);
    }

    private static Child started(Jdk jdk) {
        Child child = WholePlan.jvm(jdk).agent(PATIENT).start(Console.class);
        child.await("ready");
        assertThat(child.ask("crowd 2 5 2")).startsWith("ok");
        return child;
    }
}

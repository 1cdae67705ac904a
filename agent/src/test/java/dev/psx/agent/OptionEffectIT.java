package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.Cli;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Limits;
import dev.psx.agent.testing.OptionEffect;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.WholePlan;
import dev.psx.agent.testing.WholeState;
import dev.psx.policy.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each option of the agent does to two hundred tasks, one of which has its own directories; and that it does nothing else. */
@RootOnly
class OptionEffectIT {

    private static final String CROWD = "2 4 200";

    /** They say how and when, or are about children: ChildProfileIT. */
    private static final Set<Key> WITHOUT_EFFECT = EnumSet.of(
            Key.WHEN,
            Key.DEADLINE,
            Key.ON_FAILURE,
            Key.ON_DIVERGENCE,
            Key.MAX_PAUSE,
            Key.GIVE_UP,
            Key.CHILD_USER,
            Key.CHILD_NO_NEW_PRIVS,
            Key.CHILD_AMBIENT,
            Key.FIX_UPS,
            Key.API,
            Key.LOG,
            Key.POLICY);

    @TempDir
    private Path root;

    @BeforeEach
    void build() throws IOException {
        WholePlan.build(root);
    }

    @Test
    void everyKeyHasARow() {
        String all = Stream.of(OptionEffect.values())
                .map(row -> "," + row.options("/root"))
                .collect(Collectors.joining());
        for (Key key : Key.values()) {
            assertThat(WITHOUT_EFFECT.contains(key) || all.contains("," + key.option() + "="))
                    .as(key.option())
                    .isTrue();
        }
    }

    @EachJdk
    void changesWhatItSaysAndNothingElse(Jdk jdk) {
        for (OptionEffect row : OptionEffect.values()) {
            assertEffect(jdk, row, row.options(root.toString()));
        }
    }

    @EachJdk
    void theSameInAPolicyFile(Jdk jdk) throws IOException {
        root.toFile().setWritable(true, true);
        Path file = Files.writeString(root.resolve("psx.conf"), OptionEffect.ALL.file(root.toString()));
        assertEffect(jdk, OptionEffect.ALL, "policy=" + file);
    }

    private void assertEffect(Jdk jdk, OptionEffect row, String options) {
        try (Child child = started(jdk, options)) {
            long bounding = OutsideView.tasks(child.pid()).get(0).capBounding();
            Map<String, String> expected = row.effects(root.toString(), bounding);
            WholeState before = WholeState.of(child);
            assertThat(child.ask("configured")).as(row.toString()).startsWith("ok dropped");
            assertThat(before.changes()).as(row.toString()).containsExactlyInAnyOrderElementsOf(expected.keySet());
            WholeState.of(child).assertIs(expected);
            if (expected.containsKey("limits")) {
                assertThat(Limits.of(child))
                        .isEqualTo(Limits.own().stream().map(Limits::lowered).toList());
            }
            assertThat(child.ask("configured")).as(row.toString()).startsWith("ok nothing to change");
        }
    }

    /** Neither from inside nor by the command; the control is the plan itself. */
    @EachJdk
    void aCheckChangesNothing(Jdk jdk) {
        String options = OptionEffect.ALL.options(root.toString());
        try (Child child = started(jdk, options)) {
            String plan = WholePlan.of(child, root);
            child.ask("check " + plan); // classes are loaded
            WholeState before = WholeState.of(child);
            assertThat(child.ask("check " + plan)).endsWith("feasible");
            before.assertUnchanged();
            try (Child check = Cli.run(jdk, "check", options, "--pid", Long.toString(child.pid()))) {
                assertThat(check.exitCode()).as(check.transcript()).isZero();
            }
            before.assertUnchanged();
            assertThat(child.ask("configured")).startsWith("ok dropped");
            assertThat(before.changes()).contains("dumpable", "limits", "Umask", "root");
        }
    }

    @EachJdk
    void ringsAreRefusedForgottenOrAllowed(Jdk jdk) {
        String plan = "user=daemon,when=manual,io-uring=";
        for (String policy : List.of("refuse", "forget", "allow")) {
            try (Child child = WholePlan.jvm(jdk).agent(plan + policy).start(Console.class)) {
                child.await("ready");
                String descriptor = child.ask("ring open 0").substring("ok ".length());
                assertThat(child.ask("ring register")).startsWith("ok ");
                WholeState before = WholeState.of(child);
                String answer = child.ask("configured");
                switch (policy) {
                    case "refuse" -> {
                        assertThat(answer)
                                .startsWith("failed ")
                                .contains("descriptor " + descriptor + " is an io_uring ring");
                        before.assertUnchanged();
                    }
                    case "forget" -> assertThat(answer).startsWith("ok dropped").contains("1 credentials registered");
                    default -> assertThat(answer).startsWith("ok dropped").doesNotContain("credentials registered");
                }
            }
        }
    }

    private Child started(Jdk jdk, String options) {
        Child child = WholePlan.jvm(jdk)
                .through("setpriv", "--groups=4,24")
                .agent(options + ",when=manual,max-pause=2s")
                .start(Console.class);
        child.await("ready");
        assertThat(child.ask("crowd " + CROWD)).startsWith("ok");
        assertThat(child.ask("inside own-fs")).startsWith("ok ");
        assertThat(OutsideView.tasks(child.pid())).hasSizeGreaterThan(200);
        return child;
    }
}

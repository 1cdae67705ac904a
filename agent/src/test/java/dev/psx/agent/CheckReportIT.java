package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.psx.agent.testing.Checked;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.Cli;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.RootOnly;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What the command says beside what breaks, and that it says the same in both forms. */
@RootOnly
class CheckReportIT {

    private static final String RISKY = "user=nobody,caps=chown+setuid,dumpable=yes,group=keep";
    private static final String NOT_LOOKED_AT =
            "; the application's class path, agents and options were not looked at: --pid PID looks at a running JVM";

    @EachJdk
    void showsTheWarningsOfTheDrop(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.jvm(jdk));
                Child check = check(jdk, RISKY, "--pid", Long.toString(jvm.pid()));
                Child without = check(jdk, RISKY)) {
            for (Child each : List.of(check, without)) {
                assertThat(String.join("\n", each.stdout()))
                        .containsSubsequence(
                                "\nwarnings:",
                                "\n  the kept capabilities cap_chown, cap_setuid amount to root: ",
                                "\n  the group ids of before stay although the user changes",
                                "\n  with the dumpable flag every process of the same user may read",
                                "\nfeasible, but see above: 3 warnings");
            }
        }
    }

    /** What it has lost for good is no failure of the plan. */
    @EachJdk
    void saysWhatTheProcessCannotKeepAnyMore(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.jvm(jdk))) {
            Checked.drop(jvm);
            try (Child check = check(jdk, "user=nobody,caps=chown", "--pid", Long.toString(jvm.pid()))) {
                assertThat(check.exitCode()).as(check.transcript()).isZero();
                assertThat(String.join("\n", check.stdout()))
                        .contains("  the process has lost what the plan keeps: cap_chown");
            }
        }
    }

    /** Without a process nobody has seen the application. */
    @EachJdk
    void saysWhatItHasNotSeen(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.jvm(jdk));
                Child check = check(jdk, "user=nobody", "--pid", Long.toString(jvm.pid()));
                Child without = check(jdk, "user=nobody")) {
            assertThat(without.stdout())
                    .last()
                    .asString()
                    .startsWith("feasible")
                    .endsWith(NOT_LOOKED_AT);
            assertThat(check.stdout()).last().asString().isEqualTo("feasible: nothing breaks");
        }
    }

    @EachJdk
    void hasTheSameAsJson(Jdk jdk) throws IOException {
        try (Child jvm = Checked.start(Checked.plain(jdk).option("-Djava.io.tmpdir=/root"))) {
            String pid = Long.toString(jvm.pid());
            for (String options : List.of(RISKY, "user=nobody,limit-nofile=5")) {
                try (Child text = check(jdk, options, "--pid", pid);
                        Child json = check(jdk, options, "--json", "--pid", pid)) {
                    assertThat(json.exitCode()).isEqualTo(text.exitCode());
                    Map<String, Object> document = JSON.std.mapFrom(String.join("\n", json.stdout()));
                    assertThat(document)
                            .containsEntry("pid", (int) jvm.pid())
                            .containsEntry("feasible", json.exitCode() == 0)
                            .containsEntry("notLookedAt", null);
                    List<String> strings = strings(document);
                    assertThat(strings).hasSizeGreaterThan(10);
                    String output = String.join("\n", text.stdout());
                    assertThat(strings).allMatch(output::contains);
                }
            }
            try (Child json = check(jdk, "user=nobody", "--json")) {
                Map<String, Object> document = JSON.std.mapFrom(String.join("\n", json.stdout()));
                assertThat(document).containsEntry("pid", null);
                assertThat("; " + document.get("notLookedAt")).isEqualTo(NOT_LOOKED_AT);
            }
        }
    }

    /** All but how bad a finding is, which the text says by its sections. */
    private static List<String> strings(Object value) {
        List<String> all = new ArrayList<>();
        if (value instanceof String string) {
            all.add(string);
        } else if (value instanceof Collection<?> collection) {
            collection.forEach(each -> all.addAll(strings(each)));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, each) -> all.addAll(key.equals("severity") ? List.of() : strings(each)));
        }
        return all;
    }

    private static Child check(Jdk jdk, String options, String... more) {
        List<String> words = new ArrayList<>(List.of("check", options));
        words.addAll(List.of(more));
        return Cli.run(jdk, words.toArray(new String[0]));
    }
}

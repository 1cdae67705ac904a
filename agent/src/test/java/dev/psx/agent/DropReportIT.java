package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Account;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What a drop says about itself, and about processes that it did not reach. */
@RootOnly
class DropReportIT {

    @EachJdk
    void namesChildrenAndProcessesInTheSameMemory(Jdk jdk) throws IOException {
        try (Child child = started(jdk)) {
            String sharer = child.ask("inside sharer").substring(3);
            String sleeper = child.ask("start-child").substring(3);
            String answer = child.ask("apply-json user=daemon caps=kill");
            assertThat(answer).startsWith("ok {");
            Map<String, Object> report = JSON.std.mapFrom(answer.substring(3));

            assertThat(report).containsEntry("changed", true);
            assertThat((int) report.get("tasks")).isGreaterThan(17);
            assertThat((int) report.get("pauseNanos")).isPositive();
            assertThat(report.get("calls")).asInstanceOf(LIST).contains("setresuid(1, 1, 1)");
            assertThat(only(report, "before")).containsEntry("uid", List.of(0, 0, 0, 0));
            assertThat(only(report, "after"))
                    .containsEntry("uid", List.of(1, 1, 1, 1))
                    .containsEntry("capEffective", "0000000000000020");
            assertThat(report.get("otherProcesses"))
                    .asInstanceOf(LIST)
                    .extracting("pid", "sharesMemory", "mayBegin")
                    .containsExactlyInAnyOrder(
                            tuple(Integer.valueOf(sharer), true, false), tuple(Integer.valueOf(sleeper), false, false));
        }
    }

    /** In words: why, and what can be done. */
    @EachJdk
    void saysWhatToDoAboutThem(Jdk jdk) {
        try (Child child = started(jdk)) {
            String sharer = child.ask("inside sharer").substring(3);
            String sleeper = child.ask("start-child").substring(3);
            assertThat(child.ask("apply user=daemon"))
                    .contains("not reached: process " + sleeper
                            + " (sleep): it was started before the drop and has uid 0, gid 0")
                    .containsPattern(
                            "permitted capabilities all.*, ambient none, no_new_privs no; end it, or start it after")
                    .containsPattern("process " + sharer
                            + " .*: it shares the memory but is no thread of this process.*; end it: it can");
        }
    }

    /** Children that have no more than the drop leaves are nobody's business. */
    @EachJdk
    void isSilentWhereThereIsNothingToSay(Jdk jdk) throws IOException {
        try (Child child = started(jdk)) {
            assertThat(Account.named("daemon").uid()).isEqualTo(1);
            assertThat(child.ask("apply user=daemon")).startsWith("ok dropped");
            assertThat(child.ask("start-child")).startsWith("ok ");
            Map<String, Object> report =
                    JSON.std.mapFrom(child.ask("apply-json umask=077").substring(3));
            assertThat(report.get("otherProcesses")).asInstanceOf(LIST).isEmpty();
            assertThat(report.get("warnings")).asInstanceOf(LIST).isEmpty();
        }
    }

    @EachJdk
    void theCheckSaysTheSameBefore(Jdk jdk) throws IOException {
        try (Child child = started(jdk)) {
            Map<String, Object> check = JSON.std.mapFrom(
                    child.ask("check-json user=daemon caps=sys_admin").substring(3));
            assertThat(check).containsEntry("feasible", true).containsEntry("failure", null);
            assertThat(check.get("calls")).asInstanceOf(LIST).contains("setresuid(1, 1, 1) on every task");
            assertThat(check.get("warnings"))
                    .asInstanceOf(LIST)
                    .singleElement()
                    .asString()
                    .contains("cap_sys_admin");
        }
    }

    @SuppressWarnings("unchecked") // a list of objects
    private static Map<String, Object> only(Map<String, Object> report, String name) {
        assertThat(report.get(name)).asInstanceOf(LIST).hasSize(1);
        return ((List<Map<String, Object>>) report.get(name)).get(0);
    }

    private static Child started(Jdk jdk) {
        Child child = Jvm.of(jdk).through("env", "-C", "/").fixture().agent("").start(Console.class);
        child.await("ready");
        assertThat(child.ask("crowd 10 5 2")).startsWith("ok");
        return child;
    }
}

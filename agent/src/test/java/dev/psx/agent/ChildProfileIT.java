package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.apps.ProfileApp;
import dev.psx.agent.testing.Account;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.Cli;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.Ports;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.TaskView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** {@code child-user}, {@code child-no-new-privs}, {@code child-ambient}: what the kernel says of children of every kind. */
@RootOnly
class ChildProfileIT {

    private static final int MANY = Integer.getInteger("psx.children.many", 100);
    private static final List<String> WAYS =
            List.of("builder", "inherit", "environment", "runtime", "pipeline", "launch");
    private static final long KILL = 1L << 5;
    private static final long BIND = 1L << 10;

    private static final Account NOBODY = Account.named("nobody");
    private static final Account DAEMON = Account.named("daemon");

    @EachJdk
    void everyKindOfChildHasIt(Jdk jdk) {
        String options = "child-user=nobody,child-no-new-privs=yes,child-ambient=net_bind_service+kill";
        try (Child jvm = app(jdk, options)) {
            for (String way : WAYS) {
                for (TaskView child : children(jvm, way)) {
                    assertIs(child, NOBODY, KILL | BIND, 1);
                }
            }
            assertThat(OutsideView.tasks(jvm.pid()))
                    .allSatisfy(task -> assertThat(task.uid()).containsOnly(0))
                    .allSatisfy(task -> assertThat(task.noNewPrivs()).isZero());
        }
    }

    /** Negative control. */
    @EachJdk
    void withoutTheOptionTheyAreRoot(Jdk jdk) {
        try (Child jvm = app(jdk, "")) {
            TaskView own = OutsideView.tasks(jvm.pid()).get(0);
            for (String way : WAYS) {
                for (TaskView child : children(jvm, way)) {
                    assertThat(child.uid()).as(way).containsOnly(0);
                    assertThat(child.capPermitted()).isEqualTo(own.capPermitted());
                    assertThat(child.noNewPrivs()).isZero();
                }
            }
        }
    }

    @EachJdk
    void eachOptionDoesWhatItSays(Jdk jdk) {
        try (Child jvm = app(jdk, "child-user=daemon")) {
            assertIs(children(jvm, "builder").get(0), DAEMON, 0, 0);
        }
        try (Child jvm = app(jdk, "child-no-new-privs=yes")) {
            TaskView child = children(jvm, "builder").get(0);
            assertThat(child.state())
                    .isEqualTo(withNoNewPrivileges(OutsideView.tasks(jvm.pid()).get(0))
                            .state());
        }
        String[] ambient = {
            "setpriv", "--reuid=1", "--regid=1", "--groups=1", "--inh-caps=+kill,+chown", "--ambient-caps=+kill,+chown"
        };
        try (Child jvm = app(jdk, "child-ambient=kill", ambient)) {
            assertIs(children(jvm, "builder").get(0), DAEMON, KILL, 0);
        }
        try (Child jvm = app(jdk, "child-ambient=none", ambient)) {
            TaskView child = children(jvm, "builder").get(0);
            assertThat(List.of(child.capAmbient(), child.capPermitted())).containsOnly(0L);
        }
        try (Child jvm = app(jdk, "", ambient)) {
            assertThat(children(jvm, "builder").get(0).capAmbient())
                    .as("control")
                    .isEqualTo(KILL | 1);
        }
    }

    /** What is there already takes no privilege: also not for groups, which only a privileged process may set. */
    @EachJdk
    void afterADropTheDropsOwnUserCanBeHad(Jdk jdk) {
        for (String drop :
                List.of("user=nobody", "user=nobody,groups=none", "user=nobody,group=daemon,groups=daemon+2")) {
            try (Child jvm = app(jdk, drop + ",child-user=nobody,child-no-new-privs=yes,child-ambient=none")) {
                String own = OutsideView.tasks(jvm.pid()).get(0).state();
                for (String way : WAYS) {
                    assertThat(children(jvm, way))
                            .allSatisfy(child -> assertThat(child.state()).isEqualTo(own));
                }
            }
        }
        try (Child jvm = app(jdk, "user=nobody,caps=setuid+setgid+kill,child-user=daemon,child-ambient=kill")) {
            assertIs(children(jvm, "builder").get(0), DAEMON, KILL, 1);
        }
        String locked = "user=nobody,caps=kill,ambient=kill,securebits=no-cap-ambient-raise,child-ambient=kill";
        try (Child jvm = app(jdk, locked)) {
            assertIs(children(jvm, "builder").get(0), NOBODY, KILL, 1);
        }
    }

    /** The kernel takes nothing from who was not root: what the JVM has kept must not open directories to its child. */
    @EachJdk
    void theDirectoryIsEnteredWithTheRightsOfTheNewUser(Jdk jdk, @TempDir Path directory) throws IOException {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        String options = "user=nobody,caps=setuid+setgid+dac_override+dac_read_search";
        try (Child jvm = app(jdk, options + ",child-no-new-privs=yes")) {
            assertThat(jvm.ask("builder-in " + open)).as("control").startsWith("ok ");
        }
        try (Child jvm = app(jdk, options + ",child-user=daemon")) {
            assertThat(jvm.ask("builder-in " + open)).contains("ermission denied");
        }
    }

    @EachJdk
    void thePolicyFileHasIt(Jdk jdk, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("psx.conf"),
                "[Psx]\nChildUser=nobody\nChildNoNewPrivileges=true\nChildAmbient=kill chown\n");
        try (Child jvm = app(jdk, "policy=" + file)) {
            assertIs(children(jvm, "builder").get(0), NOBODY, KILL | 1, 1);
        }
    }

    /** From the installation on; and after the drop, which leaves no privilege, a start fails that would need one. */
    @EachJdk
    void childrenBeforeTheDropHaveIt(Jdk jdk) {
        int port = Ports.privileged();
        try (Child jvm = Jvm.of(jdk)
                .agent("user=daemon,when=listening:" + port + ",child-user=nobody,child-ambient=kill")
                .start(Console.class)) {
            jvm.await("ready");
            jvm.awaitError("after the drop no child can become child-user=nobody: that takes cap_setgid, cap_setuid,");
            String pid = jvm.ask("start-child").substring("ok ".length());
            assertIs(OutsideView.tasks(Long.parseLong(pid)).get(0), NOBODY, KILL, 0);
            assertThat(jvm.ask("listen socket " + port)).startsWith("ok socket Uid: 1 1 1 1");
            DAEMON.assertDropped(jvm);
            assertThat(jvm.ask("start-child"))
                    .startsWith("failed ")
                    .contains(": ")
                    .contains("child-ambient")
                    .contains("cap_kill: keep it with caps");
        }
    }

    /** Before the drop a child asks for the user, afterwards it must not: none begins with the one and ends with the other. */
    @EachJdk
    void aDropBesideStartsDisturbsNone(Jdk jdk) {
        try (Child jvm = app(jdk, "user=nobody,when=manual,child-user=nobody")) {
            assertThat(jvm.ask("drop-beside-starts")).as(jvm.transcript()).isEqualTo("ok 65534");
            NOBODY.assertDropped(jvm);
        }
    }

    @EachJdk
    void aFailingStepIsNamed(Jdk jdk) {
        try (Child jvm =
                Jvm.of(jdk).agent("user=daemon,when=manual,child-user=nobody").start(Console.class)) {
            jvm.await("ready");
            assertThat(jvm.ask("configured")).startsWith("ok dropped");
            assertThat(jvm.ask("start-child"))
                    .startsWith("failed java.io.IOException Cannot run program \"sleep\": ")
                    .containsAnyOf(
                            "error=1, setgroups(65534): Operation not permitted; ",
                            "setgroups(65534) failed, error: 1 (Operation not permitted) ")
                    .endsWith("child-user=nobody takes cap_setuid and cap_setgid, which this process does not have:"
                            + " keep them with caps, or let the drop's own user be child-user");
        }
    }

    @EachJdk
    void whatCannotBeHadIsRefusedAtTheStart(Jdk jdk) {
        assertRefused(
                jdk,
                78,
                "user=daemon,child-user=nobody",
                "takes cap_setgid, cap_setuid, which the drop does not leave");
        assertRefused(
                jdk,
                78,
                "user=daemon,caps=setuid,child-user=nobody",
                "takes cap_setgid, which the drop does not leave");
        assertRefused(
                jdk,
                78,
                "user=daemon,child-ambient=kill",
                "no child can have cap_kill of child-ambient, which the drop");
        assertRefused(jdk, 78, "caps=kill,bounding=chown,child-ambient=kill", "not in the bounding set");
        assertRefused(jdk, 78, "child-user=no-such-user", "column 12: unknown user \"no-such-user\"");
        assertRefused(jdk, 78, "child-user=root", "has uid 0");
        assertRefused(jdk, 78, "child-user=4294967294", "has no entry in the user database");
        assertRefused(
                jdk, 77, "child-user=nobody", "which this process has not; start it with", "setpriv", "--reuid=1");
    }

    private static void assertRefused(Jdk jdk, int code, String options, String why, String... through) {
        try (Child jvm =
                Jvm.of(jdk).nativeAccess().through(through).agent(options).start(ProfileApp.class)) {
            assertThat(jvm.exitCode()).as(options + jvm.transcript()).isEqualTo(code);
            assertThat(jvm.stdout()).isEmpty();
            assertThat(jvm.stderr())
                    .singleElement()
                    .asString()
                    .startsWith("psx-agent: ")
                    .contains(why);
        }
    }

    @EachJdk
    void launchersMaySayOtherwise(Jdk jdk) {
        try (Child jvm = app(jdk, "child-user=nobody,child-no-new-privs=yes,child-ambient=kill")) {
            assertIs(children(jvm, "launch user").get(0), DAEMON, KILL, 1);
            assertIs(children(jvm, "launch user new-privileges not-ambient").get(0), DAEMON, 0, 0);
            assertThat(children(jvm, "launch groups").get(0).groups()).containsExactly(4);
            assertThat(children(jvm, "launch groups").get(0).uid()).containsOnly(NOBODY.uid());
            assertThat(children(jvm, "launch no-groups-change").get(0).groups())
                    .isEqualTo(OutsideView.tasks(jvm.pid()).get(0).groups());
            assertThat(children(jvm, "launch namespace").get(0).uid())
                    .as("its ids mean others")
                    .containsOnly(0);
            assertThat(jvm.ask("explain"))
                    .contains("setgroups(65534)|setresgid(65534, 65534, 65534)|setresuid(65534, 65534, 65534)")
                    .contains("PR_CAP_AMBIENT_RAISE, 5)")
                    .contains("prctl(PR_SET_NO_NEW_PRIVS, 1)");
            assertThat(jvm.ask("explain user new-privileges not-ambient"))
                    .contains("setresuid(1, 1, 1)")
                    .doesNotContain("65534")
                    .doesNotContain("NO_NEW_PRIVS")
                    .doesNotContain("AMBIENT_RAISE");
        }
    }

    /** By several threads at once. {@code -Dpsx.children.many=1000} for more. */
    @EachJdk
    void manyAtOnceLeaveNothingBehind(Jdk jdk) {
        try (Child jvm = app(jdk, "child-user=nobody,child-no-new-privs=yes")) {
            children(jvm, "builder");
            List<TaskView> many = children(jvm, "many " + MANY);
            assertThat(many).hasSize(MANY).allSatisfy(child -> assertIs(child, NOBODY, 0, 1));
            assertThat(jvm.ask("end")).isEqualTo("ok 143 0");
        }
    }

    /** A JVM among the children inherits the options, and has already what they ask for. */
    @EachJdk
    void aChildThatIsAJvmStarts(Jdk jdk) {
        String agent = "-javaagent:" + Artifacts.agentJar() + "=";
        String options = "user=nobody,caps=kill,child-user=nobody,child-no-new-privs=yes,child-ambient=kill";
        try (Child jvm =
                Jvm.of(jdk).environment("JAVA_TOOL_OPTIONS", agent + options).start(Console.class)) {
            jvm.await("ready");
            assertThat(jvm.ask("child-jvm")).startsWith("ok exit 0 Picked up JAVA_TOOL_OPTIONS");
        }
    }

    @EachJdk
    void checkShowsIt(Jdk jdk) {
        try (Child check = Cli.run(jdk, "check", "child-user=nobody,child-ambient=kill,child-no-new-privs=yes")) {
            assertThat(check.exitCode()).as(check.transcript()).isZero();
            assertThat(check.stdout())
                    .contains(
                            "nothing is dropped",
                            "every child from the start of the agent on, unless its launcher says otherwise:",
                            "  supplementary groups: 65534",
                            "  group ids: 65534",
                            "  user ids: 65534 (nobody)",
                            "  ambient capabilities: cap_kill",
                            "  no_new_privs: set");
        }
        try (Child check = Cli.run(jdk, "check", "user=daemon,child-user=nobody")) {
            assertThat(check.exitCode()).as(check.transcript()).isEqualTo(1);
            assertThat(check.stdout())
                    .anyMatch(
                            line -> line.startsWith("not feasible: no child can become child-user=nobody: that takes"));
        }
        try (Child check = Cli.run(jdk, "check", "--json", "user=daemon,child-user=nobody,when=manual")) {
            assertThat(check.exitCode()).as(check.transcript()).isZero();
            assertThat(check.stdout().get(0))
                    .contains("\"children\":[\"supplementary groups: 65534\"")
                    .contains("\"after the drop no child can become child-user=nobody");
        }
        try (Child jvm = app(jdk, "", "setpriv", "--reuid=1", "--regid=1", "--clear-groups");
                Child check = Cli.run(jdk, "check", "child-user=nobody", "--pid", Long.toString(jvm.pid()))) {
            assertThat(check.exitCode()).as(check.transcript()).isEqualTo(1);
            assertThat(check.stdout()).anyMatch(line -> line.contains("which this process has not"));
        }
    }

    private static Child app(Jdk jdk, String options, String... through) {
        Child jvm = Jvm.of(jdk).nativeAccess().through(through).agent(options).start(ProfileApp.class);
        jvm.await("ready");
        return jvm;
    }

    private static List<TaskView> children(Child jvm, String how) {
        String answer = jvm.ask(how);
        assertThat(answer).as(how + jvm.transcript()).startsWith("ok ");
        return Stream.of(answer.substring("ok ".length()).split(" "))
                .map(pid -> OutsideView.tasks(Long.parseLong(pid)).get(0))
                .toList();
    }

    private static void assertIs(TaskView child, Account account, long ambient, int noNewPrivileges) {
        TaskView expected = new TaskView(
                0,
                "",
                List.of(account.uid(), account.uid(), account.uid(), account.uid()),
                List.of(account.gid(), account.gid(), account.gid(), account.gid()),
                new TreeSet<>(account.groups()),
                ambient,
                ambient,
                ambient,
                child.capBounding(),
                ambient,
                noNewPrivileges,
                0);
        assertThat(child.state()).isEqualTo(expected.state());
    }

    private static TaskView withNoNewPrivileges(TaskView task) {
        return new TaskView(
                0,
                "",
                task.uid(),
                task.gid(),
                task.groups(),
                task.capInheritable(),
                task.capPermitted(),
                task.capEffective(),
                task.capBounding(),
                task.capAmbient(),
                1,
                task.seccompFilters());
    }
}

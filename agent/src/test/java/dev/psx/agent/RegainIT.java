package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.StatusFiles;
import dev.psx.cap.Capability;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;

/** Privileges that a plan takes cannot be had back; and where it leaves a way, it says so. */
@RootOnly
class RegainIT {

    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    private static final String SETFSUID = "own-syscall " + (ARM ? 151 : 122) + " 0 0 0";
    private static final String SETFSGID = "own-syscall " + (ARM ? 152 : 123) + " 0 0 0";
    private static final String SET_SECUREBITS = "own-syscall " + (ARM ? 167 : 157) + " 28 0 0";
    private static final String CLEAR_NO_NEW_PRIVS = "own-syscall " + (ARM ? 167 : 157) + " 38 0 0";

    /** Ways back to uid 0, gid 0 and capabilities. */
    private static final List<String> WAYS = List.of(
            "posix setuid 0",
            "posix seteuid 0",
            "posix setreuid 0 0",
            "posix setresuid -1 0 -1",
            "posix setgid 0",
            "posix setegid 0",
            "posix setgroups 0",
            "caps set =ep",
            "caps set cap_setuid=p",
            "caps iab ^cap_setuid");

    private static final List<String> ROOTS = List.of(
            "chown",
            "dac_override",
            "dac_read_search",
            "fowner",
            "setgid",
            "setuid",
            "setpcap",
            "sys_module",
            "sys_rawio",
            "sys_ptrace",
            "sys_admin",
            "sys_boot",
            "mknod",
            "setfcap",
            "bpf");

    @EachJdk
    void thereIsNoWayBack(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("apply user=daemon securebits=noroot,noroot_locked"))
                    .startsWith("ok dropped");
            Map<String, String> before = StatusFiles.of(child);
            for (String way : WAYS) {
                assertThat(child.ask(way)).as(way).startsWith("failed").contains("EPERM");
            }
            assertThat(child.ask(SETFSUID)).isEqualTo("ok 1"); // they give the old id, and do nothing
            assertThat(child.ask(SETFSGID)).isEqualTo("ok 1");
            assertThat(child.ask(SET_SECUREBITS)).isEqualTo("ok -1");
            assertThat(child.ask(CLEAR_NO_NEW_PRIVS)).isEqualTo("ok -22");
            StatusFiles.assertUnchanged(before, child);
            assertThat(OutsideView.tasks(child.pid())).hasSizeGreaterThan(10).allSatisfy(task -> {
                assertThat(task.uid()).containsExactly(1, 1, 1, 1);
                assertThat(task.gid()).containsExactly(1, 1, 1, 1);
            });
        }
    }

    /** The control: who changes the effective id alone has the way back in the saved one. */
    @EachJdk
    void thereIsOneAfterSeteuid(Jdk jdk) {
        try (Child child = started(jdk)) {
            assertThat(child.ask("posix seteuid 1")).startsWith("ok");
            assertThat(child.ask("read /etc/shadow")).startsWith("failed");
            assertThat(child.ask("posix seteuid 0")).startsWith("ok");
            assertThat(child.ask("read /etc/shadow")).startsWith("ok");
        }
    }

    @EachJdk
    void whatAmountsToRootIsNamed(Jdk jdk) throws IOException {
        try (Child child = started(jdk)) {
            long permitted = OutsideView.tasks(child.pid()).get(0).capPermitted();
            Map<String, String> before = StatusFiles.of(child);
            for (String name : ROOTS) {
                if (has(permitted, name)) {
                    warning(child, "user=daemon caps=kill," + name)
                            .contains("the kept capabilities cap_" + name + " amount to root")
                            .contains("(cap_" + name + " ")
                            .doesNotContain("cap_kill");
                }
            }
            warning(child, "user=daemon caps=sys_chroot nnp=no").contains("cap_sys_chroot amount to root");
            warning(child, "user=daemon caps=sys_chroot chroot=/var/tmp").contains("leads out of the new root");
            assertThat(warnings(child, "user=daemon caps=kill,net_bind_service,net_admin,sys_chroot"))
                    .isEmpty();
            warning(child, "user=root groups= securebits=noroot").contains("user 0 owns the files of the system");
            assertThat(child.ask("check user=root groups="))
                    .startsWith("failed")
                    .contains("set the secure bit noroot");
            StatusFiles.assertUnchanged(before, child);
        }
    }

    private static boolean has(long set, String name) {
        return (set & Capability.parseList(name)) != 0;
    }

    private static AbstractStringAssert<?> warning(Child child, String plan) throws IOException {
        return assertThat(warnings(child, plan)).as(plan).singleElement().asString();
    }

    /** What else is worth knowing, such as files that the user cannot read, depends on the machine. */
    @SuppressWarnings("unchecked") // a list of strings
    private static List<String> warnings(Child child, String plan) throws IOException {
        String answer = child.ask("check-json " + plan);
        assertThat(answer).as(plan).startsWith("ok {");
        Map<String, Object> report = JSON.std.mapFrom(answer.substring(3));
        assertThat(report).as(plan).containsEntry("feasible", true);
        return ((List<String>) report.get("warnings"))
                .stream()
                        .filter(warning -> warning.startsWith("the kept ") || warning.startsWith("user 0 "))
                        .toList();
    }

    private static Child started(Jdk jdk) {
        Child child = Jvm.of(jdk).fixture().agent("").start(Console.class);
        child.await("ready");
        assertThat(child.ask("crowd 10 5 2")).startsWith("ok");
        return child;
    }
}

package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.Limits;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.WholePlan;
import dev.psx.agent.testing.WholeState;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Why calls of a plan fail where nobody meddles: each sort of call has a row here, or is known not to fail. The plan's calls say which sorts there
 * are. The message names the call, the error and what is lacking, and nothing at all has changed.
 */
@RootOnly
class CausesIT {

    /** Nothing that a process lacks makes these fail. */
    private static final Set<String> NEVER = Set.of(
            "umask(",
            "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL",
            "prctl(PR_SET_NO_NEW_PRIVS",
            "keyctl(KEYCTL_SETPERM",
            "keyctl(KEYCTL_GET_KEYRING_ID",
            "prctl(PR_SET_DUMPABLE");

    private static final Pattern SORT = Pattern.compile("^(\\d+\\. )?(\\w+\\((?:[A-Z]+_\\w+(?:, PR_\\w+)?)?)");

    /** No account: its quota of keys is nobody's. */
    private static final int FIRST_UID = 100_000_000;

    @TempDir
    private Path directory;

    private Child child;
    private final Set<String> failed = new TreeSet<>();

    @BeforeEach
    void build() throws IOException {
        WholePlan.build(directory);
        Files.writeString(directory.resolve("file"), "");
        Files.createDirectory(directory.resolve("closed")).toFile().setExecutable(false, false);
    }

    /** Each step takes away more, so what needs most comes first. */
    @EachJdk
    void everySortOfCallThatCanFailDoes(Jdk jdk) {
        Jvm jvm = WholePlan.jvm(jdk).through("setpriv", "--bounding-set=-sys_resource");
        try (Child started = jvm.agent("").start(Console.class)) {
            child = started;
            child.await("ready");
            assertThat(child.ask("crowd 2 5 2")).startsWith("ok");
            Set<String> sorts = new TreeSet<>();
            for (String plan : List.of(WholePlan.of(child, directory), WholePlan.withoutSecureBits())) {
                WholePlan.calls(child, plan).forEach(call -> sorts.add(sort(call)));
            }
            limits();
            paths();
            quota();
            locks();
            capabilities();
            failed.addAll(NEVER);
            assertThat(failed).containsAll(sorts);
            assertThat(sorts).as("rows for calls that no plan makes").containsAll(NEVER);
        }
    }

    private void limits() {
        for (Limits limit : Limits.of(child)) {
            if (limit.hard() == -1) {
                done(limit.lowered().word());
            }
        }
        for (Limits limit : Limits.of(child)) {
            String call = "prlimit64(RLIMIT_" + limit.resource().toUpperCase(java.util.Locale.ROOT);
            fails(
                    limit.raised().word(),
                    call,
                    "EPERM",
                    "CAP_SYS_RESOURCE",
                    "choose none above the present hard limit, ",
                    "--cap-add SYS_RESOURCE");
        }
    }

    /** Not even root gets more. */
    @EachJdk
    void moreDescriptorsThanTheKernelAllowsAreNamedAsSuch(Jdk jdk) throws IOException {
        String most;
        try (BufferedReader file = Files.newBufferedReader(Path.of("/proc/sys/fs/nr_open"))) {
            most = file.readLine(); // the kernel gives nothing to a second read
        }
        try (Child started =
                Jvm.of(jdk).fixture().agent("limit-nofile=infinity").start(Console.class)) {
            assertThat(started.exitCode()).isEqualTo(77);
            assertThat(started.transcript()).contains("RLIMIT_NOFILE", "more than " + most + " (sysctl fs.nr_open)");
        }
    }

    private void paths() {
        fails("chroot=" + directory + "/none", "chroot(", "ENOENT", "there is no such directory: create it");
        fails("chroot=" + directory + "/file", "chroot(", "ENOTDIR", "that is no directory");
        fails(
                "chroot=" + directory + " chdir=/none",
                "chdir(",
                "ENOENT",
                "no such directory inside the new root directory: create it");
        fails("chdir=" + directory + "/file", "chdir(", "ENOTDIR");
        fails("user=daemon chdir=" + directory + "/closed", "chdir(", "EACCES");
    }

    private void quota() {
        // Nobody else's: the kernel gives the quota of keys that are gone back at its leisure.
        long uid = FIRST_UID + child.pid();
        assertThat(child.ask("inside fill-keys " + uid)).startsWith("ok ").doesNotStartWith("ok -");
        fails("user=" + uid + " group=" + uid + " groups=", "keyctl(KEYCTL_JOIN_SESSION_KEYRING", "EDQUOT");
    }

    private void locks() {
        done("nnp=no securebits=keep_caps_locked,no_cap_ambient_raise,no_cap_ambient_raise_locked");
        fails("user=daemon caps=kill", "prctl(PR_SET_KEEPCAPS", "EPERM");
        fails("caps=kill ambient=kill", "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE", "EPERM");
        fails("securebits=noroot", "prctl(PR_SET_SECUREBITS", "EPERM", "locked");
    }

    private void capabilities() {
        done("nnp=no caps=kill bounding=keep");
        fails("chroot=" + directory, "chroot(", "EPERM", "CAP_SYS_CHROOT");
        fails("groups=1,2", "setgroups(", "EPERM", "CAP_SETGID");
        fails("group=daemon", "setresgid(", "EPERM", "CAP_SETGID");
        fails("bounding=kill", "prctl(PR_CAPBSET_DROP", "EPERM", "CAP_SETPCAP");
        fails("user=daemon group=keep groups=keep bounding=keep", "setresuid(", "EPERM", "CAP_SETUID");
        fails(
                "caps=chown bounding=keep",
                "capset(",
                "EPERM",
                "does not have cap_chown: start it",
                "--cap-add CHOWN), or leave it out of caps");
        fails(
                "caps=chown,kill,bpf bounding=keep",
                "capset(",
                "not have cap_chown, cap_bpf: start it",
                "--cap-add CHOWN --cap-add BPF)");
        fails(
                "caps= securebits=keep_caps_locked bounding=keep",
                "capset(",
                "EPERM",
                "--cap-add SETPCAP), or leave out securebits");
        fails("securebits=keep_caps_locked", "prctl(PR_SET_SECUREBITS", "EPERM", "securebits takes CAP_SETPCAP");
    }

    private void done(String plan) {
        assertThat(child.ask("apply " + plan)).as(plan).startsWith("ok dropped");
    }

    private void fails(String plan, String call, String... words) {
        WholeState before = WholeState.of(child);
        String answer = child.ask("apply " + plan);
        assertThat(answer)
                .as(plan)
                .startsWith("failed dev.psx.ErrnoException " + call)
                .contains(words)
                .contains("nothing has changed");
        before.assertUnchanged();
        assertThat(child.ask("check " + plan)).contains("not feasible: " + call).contains(words);
        before.assertUnchanged();
        failed.add(sort(call));
    }

    private static String sort(String call) {
        Matcher sort = SORT.matcher(call);
        assertThat(sort.find()).as(call).isTrue();
        return sort.group(2);
    }
}

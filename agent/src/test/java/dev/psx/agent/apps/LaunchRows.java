package dev.psx.agent.apps;

import static dev.psx.agent.apps.LaunchApp.shell;
import static dev.psx.agent.apps.LaunchApp.sleep;

import dev.psx.agent.apps.LaunchApp.Look;
import dev.psx.agent.apps.LaunchApp.Row;
import dev.psx.cap.Capability;
import dev.psx.cap.SecureBits;
import dev.psx.plan.Resource;
import dev.psx.process.ChildProcess;
import dev.psx.process.Launcher;
import dev.psx.process.LauncherBuilder;
import dev.psx.process.SchedulingPolicy;
import dev.psx.process.Signal;
import dev.psx.spi.Syscalls;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Each attribute in a child that has it, as root. */
final class LaunchRows {

    private static final Look IDS = child -> LaunchLook.status(child.pid(), "Uid", "Gid", "Groups");
    private static final Look CAPABILITIES =
            child -> LaunchLook.status(child.pid(), "CapInh", "CapPrm", "CapEff", "CapAmb");
    private static final Look NAMESPACES = child -> LaunchLook.namespaces(child.pid());

    /** allow everything: BPF_RET | BPF_K, SECCOMP_RET_ALLOW. */
    private static final byte[] ALLOW = {6, 0, 0, 0, 0, 0, (byte) 0xff, 0x7f};

    private static final int SESSION_KEYRING = -3;

    private final Map<String, Row> rows = new LinkedHashMap<>();

    static Map<String, Row> seen() {
        LaunchRows table = new LaunchRows();
        table.identity();
        table.sandbox();
        new LaunchNamespaces(table.rows).root();
        table.process();
        table.streams();
        return table.rows;
    }

    /** In a cgroup that the property names; killed and gone before the cgroup is removed. */
    static Map<String, Row> cgroup() throws IOException {
        LaunchRows table = new LaunchRows();
        Path cgroup = LaunchKernel.newCgroup();
        Look look = child -> {
            boolean inside = LaunchLook.text(child.pid(), "cgroup").contains("::/" + cgroup.getFileName() + "\n");
            child.destroyForcibly().waitFor();
            return inside;
        };
        table.add("cgroup: path", sleep().cgroup(cgroup), look);
        table.add("cgroup: descriptor", sleep().cgroup(LaunchKernel.open(cgroup.toString(), 0)), look);
        return table.rows;
    }

    private void add(String name, LauncherBuilder builder, Look look) {
        rows.put(name, new Row(builder, look));
    }

    private void identity() {
        add(
                "command: nothing else",
                sleep(),
                child -> LaunchLook.status(child.pid(), "Uid", "NoNewPrivs", "SigBlk", "Seccomp"));
        add("credential: ids and groups", sleep().credential(1234, 1235, 4, 24), IDS);
        add("credential: another user without groups", sleep().credential(1234, 1235), IDS);
        String keyring = Long.toString(LaunchKernel.attempt("keyctl", 0, SESSION_KEYRING, 0));
        add(
                "user: with a keyring of its own",
                sessionKeyring().credential(1234, 1234),
                child -> LaunchApp.output(child).matches("(?!" + keyring + "$)[1-9][0-9]*"));
        add(
                "user: root has this process's keyring",
                sessionKeyring().user(0),
                child -> LaunchApp.output(child).equals(keyring));
        add("user: by number", sleep().user(65534), IDS);
        add("group: by number", sleep().group(1235).noGroups(), IDS);
        add("group: by name", sleep().group("daemon").noGroups(), IDS);
        add("groups: by number", sleep().groups(4, 24), IDS);
        add("groups: by name", sleep().groups("daemon", "24"), IDS);
        add("noGroups: none", sleep().noGroups(), IDS);
        add("keepGroups: as here", sleep().groups(7).user(1234).group(1235).keepGroups(), IDS);
        add("user: by name", sleep().user("nobody"), IDS);
        add("ambient: another user", sleep().credential(1234, 1235).ambient(Capability.NET_BIND_SERVICE), CAPABILITIES);
        add(
                "inheritable: one",
                sleep().inheritable(Capability.CHOWN),
                child -> LaunchLook.status(child.pid(), "CapInh"));
        add(
                "bounding: two",
                sleep().bounding(Capability.CHOWN, Capability.KILL),
                child -> LaunchLook.status(child.pid(), "CapBnd", "CapEff"));
        add(
                "secureBits: root is nobody special",
                sleep().secureBits(SecureBits.of(SecureBits.Bit.NOROOT)),
                child -> LaunchLook.status(child.pid(), "Uid", "CapPrm"));
        add(
                "noNewPrivileges: set",
                sleep().noNewPrivileges(true),
                child -> LaunchLook.status(child.pid(), "NoNewPrivs"));
    }

    private void sandbox() {
        add(
                "seccomp: one",
                sleep().seccomp(ALLOW),
                child -> LaunchLook.status(child.pid(), "Seccomp", "Seccomp_filters"));
        add(
                "landlock: restricted",
                shell("mkdir /tmp/psx-landlock").noNewPrivileges(true).landlock(LaunchKernel.ruleset(), 0),
                child -> LaunchApp.output(child).contains("Permission denied"));
        add(
                "chroot: alone",
                Launcher.builder("/bin/sleep", "1000").chroot(Path.of("/usr")),
                child -> LaunchLook.link(child.pid(), "root") + " " + LaunchLook.link(child.pid(), "cwd"));
        add(
                "chroot: and directory",
                Launcher.builder("/bin/sleep", "1000").chroot(Path.of("/usr")).directory(Path.of("/lib")),
                child -> LaunchLook.link(child.pid(), "root") + " " + LaunchLook.link(child.pid(), "cwd"));
        add(
                "seccomp: two",
                sleep().seccomp(ALLOW).seccomp(ALLOW),
                child -> LaunchLook.status(child.pid(), "Seccomp_filters"));
        add("directory: path", sleep().directory(Path.of("/usr/lib")), child -> LaunchLook.link(child.pid(), "cwd"));
        add("directory: file", sleep().directory(new File("/usr/lib")), child -> LaunchLook.link(child.pid(), "cwd"));
    }

    /** Shown by the process itself only, and made by the kernel when it is first asked for. */
    private static LauncherBuilder sessionKeyring() {
        return Launcher.builder(
                "/usr/bin/python3",
                "-c",
                "import ctypes, sys; print(ctypes.CDLL(None).syscall(int(sys.argv[1]), 0, " + SESSION_KEYRING + ", 0))",
                Long.toString(Syscalls.number("keyctl")));
    }

    /** Shown by the process itself only. */
    private static LauncherBuilder parentDeathSignal() {
        return Launcher.builder(
                "/usr/bin/python3",
                "-c",
                "import ctypes; i = ctypes.c_int(); ctypes.CDLL(None).prctl(2, ctypes.byref(i)); print(i.value)");
    }

    private void process() {
        add("pdeathsig: by name", parentDeathSignal().pdeathsig(Signal.TERM), LaunchApp::output);
        add("pdeathsig: by number", parentDeathSignal().pdeathsig(40), LaunchApp::output);
        add(
                "pdeathsig: of another user",
                parentDeathSignal().credential(1234, 1234).pdeathsig(9),
                LaunchApp::output);
        add(
                "giveUp: soon enough",
                sleep().giveUp(1, TimeUnit.MINUTES),
                child -> LaunchLook.status(child.pid(), "Name"));
        add("setsid: leads", sleep().setsid(), child -> leads(child, 5) + " " + leads(child, 6));
        add("setpgid: leads", sleep().setpgid(), child -> leads(child, 5) + " " + leads(child, 6));
        ChildProcess leader = sleep().setpgid().start();
        add("setpgid: of another child", sleep().setpgid((int) leader.pid()), child -> {
            boolean same = LaunchLook.stat(child.pid(), 5) == leader.pid();
            leader.destroyForcibly();
            return same;
        });
        int[] terminal = LaunchKernel.terminal();
        add(
                "setctty: has it",
                sleep().redirectInput(terminal[1]).setsid().setctty(0),
                child -> LaunchLook.stat(child.pid(), 7) != 0);
        add(
                "ptrace: stopped",
                sleep().ptrace(),
                child -> LaunchLook.status(child.pid(), "State") + " "
                        + !LaunchLook.status(child.pid(), "TracerPid").equals("0"));
        add(
                "limit: core",
                sleep().limit(Resource.CORE, 4096, 8192),
                child -> LaunchLook.limit(child.pid(), "Max core file size"));
        add(
                "limit: no memory",
                Launcher.builder("/bin/true").limit(Resource.AS, 4096, 4096),
                child -> child.waitFor() + " " + child.exitStatus().signal());
        add(
                "limit: few files",
                sleep().limit(Resource.NOFILE, 4, 5),
                child -> LaunchLook.limit(child.pid(), "Max open files"));
        add("umask: 027", sleep().umask(027), child -> LaunchLook.status(child.pid(), "Umask"));
        add("nice: more", sleep().nice(7), child -> LaunchLook.stat(child.pid(), 19));
        add("nice: less", sleep().nice(-7), child -> LaunchLook.stat(child.pid(), 19));
        add(
                "scheduling: batch",
                sleep().scheduling(SchedulingPolicy.BATCH, 0),
                child -> LaunchLook.stat(child.pid(), 41));
        add(
                "scheduling: real time",
                sleep().scheduling(SchedulingPolicy.RR, 3),
                child -> LaunchLook.stat(child.pid(), 41) + " " + LaunchLook.stat(child.pid(), 40));
        add(
                "oomScoreAdjustment: raised",
                sleep().oomScoreAdjustment(321),
                child -> LaunchLook.text(child.pid(), "oom_score_adj").trim());
    }

    private static boolean leads(ChildProcess child, int field) throws Exception {
        return LaunchLook.stat(child.pid(), field) == child.pid();
    }

    private static boolean sameStreams(ChildProcess child) throws IOException {
        boolean same = true;
        for (String each : List.of("fd/0", "fd/1", "fd/2")) {
            same &= LaunchLook.link(child.pid(), each)
                    .equals(LaunchLook.link(ProcessHandle.current().pid(), each));
        }
        return same;
    }

    private void streams() {
        Look words = child -> LaunchLook.words(child.pid(), "cmdline");
        add("command: words instead", Launcher.builder("x").command(LaunchApp.SLEEP, "1001"), words);
        add("command: list instead", Launcher.builder("x").command(List.of(LaunchApp.SLEEP, "1002")), words);
        add("command: pipes", sleep(), child -> LaunchLook.descriptors(child.pid()));
        add(
                "redirectErrorStream: merged",
                shell("echo out; echo err >&2").redirectErrorStream(true),
                LaunchApp::output);
        add(
                "redirectOutput: discarded",
                sleep().redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD),
                child -> LaunchLook.descriptors(child.pid()));
        int zero = LaunchKernel.open("/dev/zero", 0);
        int full = LaunchKernel.open("/dev/full", 0);
        add(
                "descriptor: exchanged",
                sleep().redirectInput(zero)
                        .redirectOutput(zero)
                        .redirectError(Redirect.DISCARD)
                        .descriptor(zero, full)
                        .descriptor(full, zero)
                        .descriptor(200, full),
                child -> LaunchLook.descriptors(child.pid())
                        .replace(zero + "=", "A=")
                        .replace(full + "=", "B="));
        add(
                "redirectOutput: number",
                sleep().redirectOutput(full).redirectError(zero),
                child -> LaunchLook.descriptors(child.pid()));
        add("redirectInput: number", sleep().redirectInput(full), child -> LaunchLook.descriptors(child.pid()));
        Path out = Path.of(System.getProperty("directory"), "out");
        Path err = Path.of(System.getProperty("directory"), "err");
        add(
                "redirectOutput: file",
                sleep().redirectOutput(out.toFile()),
                child -> LaunchLook.link(child.pid(), "fd/1").equals(out.toString()));
        add(
                "redirectError: file",
                sleep().redirectError(err.toFile()),
                child -> LaunchLook.link(child.pid(), "fd/2").equals(err.toString()));
        add("redirectError: number", sleep().redirectError(full), child -> LaunchLook.descriptors(child.pid()));
        Redirect from = Redirect.from(new File("/dev/full"));
        add("redirectInput: redirect", sleep().redirectInput(from), child -> LaunchLook.descriptors(child.pid()));
        add(
                "redirectInput: file",
                sleep().redirectInput(new File("/dev/zero")),
                child -> LaunchLook.descriptors(child.pid()));
        add(
                "redirectError: discarded",
                sleep().redirectError(Redirect.DISCARD),
                child -> LaunchLook.descriptors(child.pid()));
        add("inheritIO: as here", sleep().inheritIO(), child -> sameStreams(child));
        add(
                "closeOtherDescriptors: not",
                sleep().closeOtherDescriptors(false),
                child -> LaunchLook.descriptors(child.pid()).contains(zero + "=/dev/zero"));
        add(
                "environment: cleared before",
                sleep().clearEnvironment().environment("A", "b=c").environment("\u00e4", ""),
                child -> LaunchLook.words(child.pid(), "environ"));
        add(
                "environment: these only",
                sleep().environment(Map.of("A", "b")),
                child -> LaunchLook.words(child.pid(), "environ"));
        add(
                "environment: one more",
                sleep().environment("PSX", "x").unsetEnvironment("LC_ALL"),
                child -> LaunchLook.words(child.pid(), "environ").contains("PSX=x"));
        add(
                "unsetEnvironment: one less",
                sleep().unsetEnvironment("LC_ALL"),
                child -> LaunchLook.words(child.pid(), "environ").contains("LC_ALL=C.UTF-8") + " "
                        + LaunchLook.words(child.pid(), "environ").stream().anyMatch(x -> x.startsWith("PATH=")));
        add("clearEnvironment: none", sleep().clearEnvironment(), child -> LaunchLook.words(child.pid(), "environ"));
        add("argv0: given", sleep().argv0("-name"), child -> LaunchLook.words(child.pid(), "cmdline"));
        add("command: pipeline", shell("echo 3"), child -> {
            List<ChildProcess> pipeline = Launcher.startPipeline(List.of(
                    shell("echo 1; echo 2").build(),
                    shell("cat; echo 3").build(),
                    shell("cat; echo 4").build()));
            String output = LaunchApp.output(pipeline.get(2));
            return output + " " + pipeline.get(0).waitFor() + pipeline.get(1).waitFor();
        });
        add(
                "redirectInput: of a ProcessBuilder",
                Launcher.from(new ProcessBuilder("cat").redirectInput(new File("/proc/self/comm"))),
                LaunchApp::output);
    }
}

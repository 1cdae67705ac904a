package dev.psx.agent.apps;

import static dev.psx.agent.apps.LaunchApp.shell;
import static dev.psx.agent.apps.LaunchApp.sleep;

import dev.psx.agent.apps.LaunchApp.Look;
import dev.psx.agent.apps.LaunchApp.Row;
import dev.psx.cap.Capability;
import dev.psx.cap.SecureBits;
import dev.psx.plan.Resource;
import dev.psx.process.ChildProcess;
import dev.psx.process.IdMap;
import dev.psx.process.Launcher;
import dev.psx.process.LauncherBuilder;
import dev.psx.process.Namespace;
import dev.psx.process.SchedulingPolicy;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Each attribute in a child that has it, as root. */
final class LaunchRows {

    private static final Look IDS = child -> LaunchLook.status(child.pid(), "Uid", "Gid", "Groups");
    private static final Look CAPABILITIES =
            child -> LaunchLook.status(child.pid(), "CapInh", "CapPrm", "CapEff", "CapAmb");
    private static final Look NAMESPACES = child -> LaunchLook.namespaces(child.pid());

    /** allow everything: BPF_RET | BPF_K, SECCOMP_RET_ALLOW. */
    private static final byte[] ALLOW = {6, 0, 0, 0, 0, 0, (byte) 0xff, 0x7f};

    private final Map<String, Row> rows = new LinkedHashMap<>();

    static Map<String, Row> seen() {
        LaunchRows table = new LaunchRows();
        table.identity();
        table.sandbox();
        table.namespaces();
        table.process();
        table.streams();
        return table.rows;
    }

    /** In a cgroup that the property names; killed and gone before the cgroup is removed. */
    static Map<String, Row> cgroup() {
        LaunchRows table = new LaunchRows();
        Path cgroup = Path.of(System.getProperty("cgroup"));
        Look look = child -> {
            boolean inside = LaunchLook.text(child.pid(), "cgroup").contains("::/" + cgroup.getFileName() + "\n");
            child.destroyForcibly().waitFor();
            return inside;
        };
        table.add("path", sleep().cgroup(cgroup), look);
        table.add("descriptor", sleep().cgroup(LaunchKernel.open(cgroup.toString(), 0)), look);
        return table.rows;
    }

    private void add(String name, LauncherBuilder builder, Look look) {
        rows.put(name, new Row(builder, look));
    }

    private void identity() {
        add("nothing", sleep(), child -> LaunchLook.status(child.pid(), "Uid", "NoNewPrivs", "SigBlk", "Seccomp"));
        add("credential", sleep().credential(1234, 1235, 4, 24), IDS);
        add("no groups", sleep().credential(1234, 1235), IDS);
        add("user by name", sleep().user("nobody"), IDS);
        add("ambient", sleep().credential(1234, 1235).ambient(Capability.NET_BIND_SERVICE), CAPABILITIES);
        add(
                "ambient in a user namespace",
                inUserNamespace(sleep()).credential(1, 1).ambient(Capability.CHOWN),
                CAPABILITIES);
        add("inheritable", sleep().inheritable(Capability.CHOWN), child -> LaunchLook.status(child.pid(), "CapInh"));
        add(
                "bounding",
                sleep().bounding(Capability.CHOWN, Capability.KILL),
                child -> LaunchLook.status(child.pid(), "CapBnd", "CapEff"));
        add(
                "secure bits",
                sleep().secureBits(SecureBits.of(SecureBits.Bit.NOROOT)),
                child -> LaunchLook.status(child.pid(), "Uid", "CapPrm"));
        add("no_new_privs", sleep().noNewPrivileges(true), child -> LaunchLook.status(child.pid(), "NoNewPrivs"));
    }

    private static LauncherBuilder inUserNamespace(LauncherBuilder builder) {
        IdMap map = IdMap.of(0, 1000, 100);
        return builder.namespaces(Namespace.USER).uidMap(map).gidMap(map);
    }

    private void sandbox() {
        add("seccomp", sleep().seccomp(ALLOW), child -> LaunchLook.status(child.pid(), "Seccomp", "Seccomp_filters"));
        add(
                "landlock",
                shell("mkdir /tmp/psx-landlock").noNewPrivileges(true).landlock(LaunchKernel.ruleset(), 0),
                child -> LaunchApp.output(child).contains("Permission denied"));
        add(
                "chroot",
                Launcher.builder("/bin/sleep", "1000").chroot(Path.of("/usr")),
                child -> LaunchLook.link(child.pid(), "root") + " " + LaunchLook.link(child.pid(), "cwd"));
        add(
                "chroot and directory",
                Launcher.builder("/bin/sleep", "1000").chroot(Path.of("/usr")).directory(Path.of("/lib")),
                child -> LaunchLook.link(child.pid(), "root") + " " + LaunchLook.link(child.pid(), "cwd"));
        add(
                "chroot in a user namespace",
                inUserNamespace(sleep()).credential(0, 0).chroot(Path.of("/usr")),
                child -> LaunchLook.link(child.pid(), "root") + " " + LaunchLook.status(child.pid(), "Uid"));
        add("directory", sleep().directory(new File("/usr/lib")), child -> LaunchLook.link(child.pid(), "cwd"));
    }

    private void namespaces() {
        for (Namespace each : Namespace.values()) {
            add("clone " + each, sleep().namespaces(each), NAMESPACES);
            add("unshare " + each, sleep().unshare(each), NAMESPACES);
        }
        add("all at once", sleep().namespaces(Namespace.values()), NAMESPACES);
        add(
                "maps",
                inUserNamespace(sleep()).credential(0, 0),
                child -> LaunchLook.map(child.pid(), "uid_map") + "; "
                        + LaunchLook.map(child.pid(), "gid_map") + "; "
                        + LaunchLook.text(child.pid(), "setgroups").trim()
                        + "; " + LaunchLook.status(child.pid(), "Uid", "Gid"));
        IdMap low = IdMap.of(0, 1000, 1);
        IdMap high = IdMap.of(5, 2000, 7);
        add(
                "unshared maps",
                sleep().unshare(Namespace.USER)
                        .uidMap(low, high)
                        .gidMap(low, high)
                        .allowSetgroups(true)
                        .credential(5, 6, 7),
                child -> LaunchLook.map(child.pid(), "uid_map") + "; "
                        + LaunchLook.text(child.pid(), "setgroups").trim() + "; "
                        + LaunchLook.status(child.pid(), "Uid", "Gid", "Groups"));
        add(
                "mounts do not leak",
                shell("mount -t tmpfs none /mnt && grep -c ' /mnt ' /proc/self/mounts")
                        .namespaces(Namespace.MOUNT),
                child -> LaunchApp.output(child) + " here "
                        + LaunchLook.text(ProcessHandle.current().pid(), "mounts")
                                .contains(" /mnt "));
    }

    private void process() {
        add("setsid", sleep().setsid(), child -> leads(child, 5) + " " + leads(child, 6));
        add("setpgid", sleep().setpgid(), child -> leads(child, 5) + " " + leads(child, 6));
        ChildProcess leader = sleep().setpgid().start();
        add("pgid", sleep().setpgid((int) leader.pid()), child -> {
            boolean same = LaunchLook.stat(child.pid(), 5) == leader.pid();
            leader.destroyForcibly();
            return same;
        });
        int[] terminal = LaunchKernel.terminal();
        add(
                "setctty",
                sleep().redirectInput(terminal[1]).setsid().setctty(0),
                child -> LaunchLook.stat(child.pid(), 7) != 0);
        add(
                "ptrace",
                sleep().ptrace(),
                child -> LaunchLook.status(child.pid(), "State") + " "
                        + !LaunchLook.status(child.pid(), "TracerPid").equals("0"));
        add(
                "limit",
                sleep().limit(Resource.CORE, 4096, 8192),
                child -> LaunchLook.limit(child.pid(), "Max core file size"));
        add(
                "few files",
                sleep().limit(Resource.NOFILE, 4, 5),
                child -> LaunchLook.limit(child.pid(), "Max open files"));
        add("umask", sleep().umask(027), child -> LaunchLook.status(child.pid(), "Umask"));
        add("nice", sleep().nice(7), child -> LaunchLook.stat(child.pid(), 19));
        add("less nice", sleep().nice(-7), child -> LaunchLook.stat(child.pid(), 19));
        add("scheduling", sleep().scheduling(SchedulingPolicy.BATCH, 0), child -> LaunchLook.stat(child.pid(), 41));
        add(
                "real time",
                sleep().scheduling(SchedulingPolicy.RR, 3),
                child -> LaunchLook.stat(child.pid(), 41) + " " + LaunchLook.stat(child.pid(), 40));
        add(
                "oom score",
                sleep().oomScoreAdjustment(321),
                child -> LaunchLook.text(child.pid(), "oom_score_adj").trim());
    }

    private static boolean leads(ChildProcess child, int field) throws Exception {
        return LaunchLook.stat(child.pid(), field) == child.pid();
    }

    private void streams() {
        add("pipes", sleep(), child -> LaunchLook.descriptors(child.pid()));
        add("merged", shell("echo out; echo err >&2").redirectErrorStream(true), LaunchApp::output);
        add(
                "discarded",
                sleep().redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD),
                child -> LaunchLook.descriptors(child.pid()));
        int zero = LaunchKernel.open("/dev/zero", 0);
        int full = LaunchKernel.open("/dev/full", 0);
        add(
                "exchanged",
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
                "inherited",
                sleep().closeOtherDescriptors(false),
                child -> LaunchLook.descriptors(child.pid()).contains(zero + "=/dev/zero"));
        add(
                "environment",
                sleep().clearEnvironment().environment("A", "b=c").environment("\u00e4", ""),
                child -> LaunchLook.words(child.pid(), "environ"));
        add("argv0", sleep().argv0("-name"), child -> LaunchLook.words(child.pid(), "cmdline"));
        add("pipeline", shell("echo 3"), child -> {
            List<ChildProcess> pipeline = Launcher.startPipeline(List.of(
                    shell("echo 1; echo 2").build(),
                    shell("cat; echo 3").build(),
                    shell("cat; echo 4").build()));
            String output = LaunchApp.output(pipeline.get(2));
            return output + " " + pipeline.get(0).waitFor() + pipeline.get(1).waitFor();
        });
        add(
                "from",
                Launcher.from(new ProcessBuilder("cat").redirectInput(new File("/proc/self/comm"))),
                LaunchApp::output);
    }
}

package dev.psx.agent.apps;

import static dev.psx.agent.apps.LaunchApp.sleep;

import dev.psx.agent.apps.LaunchApp.Row;
import dev.psx.cap.Capability;
import dev.psx.cap.SecureBits;
import dev.psx.plan.Resource;
import dev.psx.process.IdMap;
import dev.psx.process.Launcher;
import dev.psx.process.LauncherBuilder;
import dev.psx.process.Namespace;
import dev.psx.process.SchedulingPolicy;
import java.io.File;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the kernel refuses: to root, and to a process without privileges. */
final class LaunchRefusals {

    private static final int CLOSED = 900;

    private final Map<String, Row> rows = new LinkedHashMap<>();

    static Map<String, Row> rows() {
        LaunchRefusals table = new LaunchRefusals();
        table.programs();
        table.descriptors();
        table.arguments();
        return table.rows;
    }

    private void add(String name, LauncherBuilder builder) {
        rows.put(name, new Row(builder, child -> "started"));
    }

    private void programs() {
        add("missing program", Launcher.builder("/nowhere/x"));
        add("not in PATH", Launcher.builder("no-such-program"));
        add("directory as program", Launcher.builder("/usr"));
        add("not executable", Launcher.builder("/etc/passwd"));
        add("no format", Launcher.builder(System.getProperty("no.format")));
        add("too much", Launcher.builder("/bin/true", "x".repeat(1 << 22)));
        add("missing directory", sleep().directory(new File("/nowhere")));
        add("file as directory", sleep().directory(new File("/etc/passwd")));
        add("missing root", sleep().chroot(Path.of("/nowhere")));
        add("no program in root", sleep().chroot(Path.of("/proc")));
        add("missing input", sleep().redirectInput(new File("/nowhere/in")));
    }

    private void descriptors() {
        add("closed descriptor", sleep().descriptor(5, CLOSED));
        add("closed input", sleep().redirectInput(CLOSED));
        add("closed at its number", sleep().descriptor(CLOSED, CLOSED));
        add("cgroup is no directory", sleep().cgroup(Path.of("/etc/passwd")));
        add("closed cgroup", sleep().cgroup(CLOSED));
        add("no cgroup", sleep().cgroup(Path.of("/nowhere")));
        add("no ruleset", sleep().noNewPrivileges(true).landlock(0, 0));
        add("no terminal", sleep().setsid().setctty(0));
        add(
                "nothing to detach from",
                sleep().redirectInput(new File("/dev/null")).noctty());
        add("no foreground", sleep().foreground(CLOSED));
    }

    private void arguments() {
        add("unknown group", sleep().setpgid(1));
        IdMap own = IdMap.of(0, 1000, 1);
        add(
                "unmapped user",
                sleep().namespaces(Namespace.USER).uidMap(own).gidMap(own).credential(7, 0));
        add(
                "unmapped group",
                sleep().namespaces(Namespace.USER).uidMap(own).gidMap(own).credential(0, 7));
        add(
                "unmapped groups",
                sleep().namespaces(Namespace.USER)
                        .uidMap(own)
                        .gidMap(own)
                        .allowSetgroups(true)
                        .credential(0, 0, 7));
        add("bad filter", sleep().seccomp(new byte[8]));
        add("ambient outside bounding", sleep().ambient(Capability.SYS_RESOURCE));
        add("locked bits", sleep().secureBits(SecureBits.of(1 << 30)));
        add("higher limit", sleep().limit(Resource.RTTIME, Resource.INFINITY, Resource.INFINITY));
    }

    static Map<String, Row> unprivileged() {
        LaunchRefusals table = new LaunchRefusals();
        table.add("user", sleep().user(1).group(65534).keepGroups());
        table.add("group", sleep().group(1).keepGroups());
        table.add("groups", sleep().groups(1));
        table.add("chroot", sleep().chroot(Path.of("/usr")));
        table.add("directory", sleep().directory(new File("/root")));
        table.add("nice", sleep().nice(-1));
        table.add("scheduling", sleep().scheduling(SchedulingPolicy.FIFO, 1));
        table.add("oom score", sleep().oomScoreAdjustment(-1));
        table.add("limit", sleep().limit(Resource.RTTIME, Resource.INFINITY, Resource.INFINITY));
        table.add("ambient", sleep().ambient(Capability.CHOWN));
        table.add("bounding", sleep().bounding());
        table.add("secure bits", sleep().secureBits(SecureBits.of(SecureBits.Bit.NOROOT)));
        table.add("clone", sleep().namespaces(Namespace.NETWORK));
        table.add("unshare", sleep().unshare(Namespace.MOUNT));
        table.add("seccomp", sleep().seccomp(new byte[] {6, 0, 0, 0, 0, 0, (byte) 0xff, 0x7f}));
        table.add("landlock", sleep().landlock(LaunchKernel.ruleset(), 0));
        table.add("maps", sleep().namespaces(Namespace.USER).uidMap(IdMap.of(0, 1000, 10)));
        table.add(
                "own map",
                sleep().namespaces(Namespace.USER)
                        .uidMap(IdMap.of(0, 65534, 1))
                        .gidMap(IdMap.of(0, 65534, 1))
                        .user(0)
                        .group(0)
                        .noGroups());
        table.add(
                "setgroups",
                sleep().namespaces(Namespace.USER).gidMap(IdMap.of(0, 65534, 1)).allowSetgroups(true));
        return table.rows;
    }
}

package dev.psx.agent.apps;

import static dev.psx.agent.apps.LaunchApp.sleep;

import dev.psx.agent.apps.LaunchLeaks.Refusal;
import dev.psx.agent.apps.LaunchLeaks.Setting;
import dev.psx.agent.apps.LaunchLeaks.Start;
import dev.psx.cap.Capability;
import dev.psx.cap.SecureBits;
import dev.psx.plan.Resource;
import dev.psx.process.Namespace;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the kernel refuses to root, who lacks CAP_SYS_RESOURCE. */
final class LaunchRefusals {

    private static final int CLOSED = 900;
    private static final int HIGH = 1 << 30;
    private static final int NO_CAP_AMBIENT_RAISE = 1 << 6;
    private static final int KEEP_CAPS_LOCKED = 1 << 5;

    private static final int LONELY = 54_321;

    private final Map<String, Refusal> rows = new LinkedHashMap<>();

    static Map<String, Refusal> rows() throws IOException {
        LaunchRefusals table = new LaunchRefusals();
        LaunchPrograms programs = new LaunchPrograms(table.rows);
        programs.paths();
        programs.formats();
        programs.sizes();
        table.directories();
        table.streams();
        table.descriptors();
        table.terminals();
        table.identity();
        table.sandbox();
        table.filters();
        table.limits();
        return table.rows;
    }

    private void add(String name, Start start) {
        add(name, LaunchSettings.NONE, start);
    }

    private void add(String name, Setting setting, Start start) {
        rows.put(name, new Refusal(setting, start));
    }

    private void directories() throws IOException {
        Path circle = Path.of(System.getProperty("directory"), "circle");
        add("directory: missing", () -> sleep().directory(new File("/nowhere")));
        add("directory: file", () -> sleep().directory(Path.of("/etc/passwd")));
        add("directory: circle", () -> sleep().directory(circle));
        add("directory: long name", () -> sleep().directory(new File("/" + "x".repeat(256))));
        add("directory: outside", () -> sleep().chroot(Path.of("/usr")).directory(new File("/usr/lib")));
        add(
                "directory: closed to its user",
                () -> sleep().credential(1234, 1234).directory(new File("/root")));
        add("chroot: missing", () -> sleep().chroot(Path.of("/nowhere")));
        add("chroot: file", () -> sleep().chroot(Path.of("/etc/passwd")));
        add("chroot: circle", () -> sleep().chroot(circle));
        add("chroot: long name", () -> sleep().chroot(Path.of("/" + "x".repeat(256))));
        Setting inside = LaunchSettings.chrooted("/usr");
        add("namespaces: user below a root of its own", inside, () -> sleep().namespaces(Namespace.USER));
        add("unshare: user below a root of its own", inside, () -> sleep().unshare(Namespace.USER));
        add("namespaces: mounts below a root of its own", inside, () -> sleep().namespaces(Namespace.MOUNT));
        add("oomScoreAdjustment: without proc", inside, () -> sleep().oomScoreAdjustment(5));
    }

    private void streams() throws IOException {
        Path directory = Path.of(System.getProperty("directory"));
        Path running = Files.copy(Path.of("/bin/sleep"), directory.resolve("running"));
        LaunchSettings.runOrphan(running + " 1000", builder -> builder);
        add("redirectInput: missing", () -> sleep().redirectInput(new File("/nowhere/in")));
        add("redirectInput: file as directory", () -> sleep().redirectInput(new File("/etc/passwd/in")));
        add(
                "redirectInput: circle",
                () -> sleep().redirectInput(directory.resolve("circle").toFile()));
        add("redirectInput: long name", () -> sleep().redirectInput(new File("/" + "x".repeat(256))));
        add("redirectOutput: directory", () -> sleep().redirectOutput(new File("/usr")));
        add("redirectOutput: running program", () -> sleep().redirectOutput(running.toFile()));
        add("redirectError: no directory", () -> sleep().redirectError(new File("/nowhere/err")));
        add("redirectError: not a place for files", () -> sleep().redirectError(new File("/proc/psx")));
        add("redirectInput: no more descriptors", LaunchSettings.noMoreFiles(), () -> sleep());
    }

    private void descriptors() {
        add("descriptor: closed", () -> sleep().descriptor(5, CLOSED));
        add("descriptor: closed at its number", () -> sleep().descriptor(CLOSED, CLOSED));
        add(
                "descriptor: closed and in the way",
                () -> sleep().descriptor(CLOSED, 0).descriptor(5, CLOSED));
        add("descriptor: above the limit", () -> sleep().descriptor(HIGH, 0));
        add(
                "descriptor: no room to move",
                () -> sleep().descriptor(HIGH, 0).descriptor(6, 5).descriptor(5, 0));
        add("redirectInput: closed", () -> sleep().redirectInput(CLOSED));
        add("redirectOutput: closed", () -> sleep().redirectOutput(CLOSED));
        add("redirectError: closed", () -> sleep().redirectError(CLOSED));
        add(
                "redirectErrorStream: closed output",
                () -> sleep().redirectOutput(CLOSED).redirectErrorStream(true));
        add("inheritIO: closed input", LaunchSettings.closed(0), () -> sleep().inheritIO());
        add("cgroup: closed", () -> sleep().cgroup(CLOSED));
        add("cgroup: file", () -> sleep().cgroup(Path.of("/etc/passwd")));
        add("cgroup: missing", () -> sleep().cgroup(Path.of("/nowhere")));
        add("cgroup: descriptor of a file", () -> sleep().cgroup(0));
        add("landlock: closed", () -> sleep().noNewPrivileges(true).landlock(CLOSED, 0));
        add("landlock: no ruleset", () -> sleep().noNewPrivileges(true).landlock(0, 0));
    }

    private void terminals() {
        int[] terminal = LaunchKernel.terminal();
        File nothing = new File("/dev/null");
        add("setctty: pipe", () -> sleep().setsid().setctty(0));
        add(
                "setctty: no terminal",
                () -> sleep().redirectInput(nothing).setsid().setctty(0));
        add("noctty: no terminal", () -> sleep().redirectInput(nothing).noctty());
        add("noctty: another terminal", () -> sleep().redirectInput(terminal[1]).noctty());
        add("foreground: closed", () -> sleep().foreground(CLOSED));
        add("foreground: no terminal", () -> sleep().foreground(0));
        add("foreground: another terminal", () -> sleep().foreground(terminal[1]));
        add("setpgid: another session's group", () -> sleep().setpgid(1));
        add("setpgid: no group", () -> sleep().setpgid(Integer.MAX_VALUE));
    }

    private void identity() {
        int[] many = new int[65_537];
        Arrays.setAll(many, i -> i);
        add("groups: too many", () -> sleep().groups(many));
        add("ambient: not permitted", () -> sleep().ambient(Capability.SYS_RESOURCE));
        add("inheritable: not in the bounding set", () -> sleep().inheritable(Capability.SYS_RESOURCE));
        add(
                "ambient: forbidden by a secure bit",
                LaunchSettings.secureBits(NO_CAP_AMBIENT_RAISE),
                () -> sleep().ambient(Capability.CHOWN));
        add(
                "ambient: kept capabilities are locked",
                LaunchSettings.secureBits(KEEP_CAPS_LOCKED),
                () -> sleep().credential(1234, 1234).ambient(Capability.CHOWN));
        add("secureBits: unknown", () -> sleep().secureBits(SecureBits.of(1 << 30)));
        add(
                "secureBits: locked",
                LaunchSettings.secureBits(KEEP_CAPS_LOCKED),
                () -> sleep().secureBits(SecureBits.of(0)));
    }

    private void sandbox() {
        int ruleset = LaunchKernel.ruleset();
        add("landlock: unknown flag", () -> sleep().noNewPrivileges(true).landlock(ruleset, 1 << 30));
        add("landlock: too many layers", LaunchSettings.landlocked(16), () -> sleep().landlock(ruleset, 0));
        LaunchIds.root(this::add);
    }

    private void filters() {
        add("seccomp: invalid", () -> sleep().seccomp(new byte[8]));
        add("seccomp: too many instructions", () -> {
            var builder = sleep();
            for (int i = 0; i < 9; i++) {
                builder.seccomp(Filters.long4096());
            }
            return builder;
        });
        add(
                "seccomp: refuses seccomp",
                () -> sleep().seccomp(Filters.refusing("seccomp", Filters.EPERM))
                        .seccomp(Filters.allowing()));
        add("seccomp: refuses execve", () -> sleep().seccomp(Filters.refusing("execve", Filters.EPERM)));
        add("seccomp: kills at execve", () -> sleep().seccomp(Filters.killing("execve")));
    }

    private void limits() throws IOException {
        // whoever is the first of his user's may be
        LaunchSettings.runOrphan("sleep 1000", builder -> builder.credential(LONELY, LONELY));
        add("limit: raised", () -> sleep().limit(Resource.RTTIME, Resource.INFINITY, Resource.INFINITY));
        add(
                "limit: more files than the system has",
                () -> sleep().limit(Resource.NOFILE, Integer.MAX_VALUE, Integer.MAX_VALUE));
        add(
                "limit: no process for the user",
                () -> sleep().limit(Resource.NPROC, 0, 0).credential(LONELY, LONELY));
        add("oomScoreAdjustment: lowered", () -> sleep().oomScoreAdjustment(-1000));
    }
}

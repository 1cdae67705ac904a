package dev.psx.agent.apps;

import static dev.psx.agent.apps.LaunchApp.sleep;

import dev.psx.agent.apps.LaunchLeaks.Refusal;
import dev.psx.agent.apps.LaunchLeaks.Setting;
import dev.psx.agent.apps.LaunchLeaks.Start;
import dev.psx.cap.Capability;
import dev.psx.cap.SecureBits;
import dev.psx.plan.Resource;
import dev.psx.process.IdMap;
import dev.psx.process.Namespace;
import dev.psx.process.SchedulingPolicy;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the kernel refuses to uid and gid 65534 without capabilities. */
final class LaunchUnprivileged {

    private static final int NOBODY = 65534;

    private final Map<String, Refusal> rows = new LinkedHashMap<>();

    static Map<String, Refusal> rows() throws IOException {
        LaunchUnprivileged table = new LaunchUnprivileged();
        table.identity();
        table.process();
        table.sandbox();
        table.maps();
        return table.rows;
    }

    private void add(String name, Start start) {
        add(name, LaunchSettings.NONE, start);
    }

    private void add(String name, Setting setting, Start start) {
        rows.put(name, new Refusal(setting, start));
    }

    private void identity() {
        add("user: another", () -> sleep().user(1).group(NOBODY).keepGroups());
        add("keepGroups: another user", () -> sleep().user("1").group("65534").keepGroups());
        add("group: another", () -> sleep().group(1).keepGroups());
        add("groups: some", () -> sleep().groups(1));
        add("noGroups: none", () -> sleep().noGroups());
        add("credential: another", () -> sleep().credential(1, 1));
        add("ambient: one", () -> sleep().ambient(Capability.CHOWN));
        add("inheritable: one", () -> sleep().inheritable(Capability.CHOWN));
        add("bounding: none", () -> sleep().bounding());
        add("secureBits: one", () -> sleep().secureBits(SecureBits.of(SecureBits.Bit.NOROOT)));
    }

    private void process() throws IOException {
        File secret = new File("/etc/shadow");
        add("redirectInput: secret", () -> sleep().redirectInput(secret));
        add("redirectOutput: in a foreign directory", () -> sleep().redirectOutput(new File("/etc/psx")));
        add("directory: closed", () -> sleep().directory(new File("/root")));
        add("chroot: without privileges", () -> sleep().chroot(Path.of("/usr")));
        add("chroot: closed", () -> sleep().chroot(Path.of("/root")));
        add("nice: lowered", () -> sleep().nice(-1));
        add("scheduling: real time", () -> sleep().scheduling(SchedulingPolicy.FIFO, 1));
        add("oomScoreAdjustment: lowered", () -> sleep().oomScoreAdjustment(-1));
        add(
                "oomScoreAdjustment: of a process that is not dumpable",
                LaunchSettings.undumpable(),
                () -> sleep().oomScoreAdjustment(500));
        add("limit: raised", () -> sleep().limit(Resource.RTTIME, Resource.INFINITY, Resource.INFINITY));
        add("command: too many tasks", LaunchSettings.fewTasks(), () -> sleep());
        int foreign = LaunchKernel.terminal()[1];
        LaunchSettings.runOrphan("setsid --ctty sleep 1000 <&3", builder -> builder.descriptor(3, foreign));
        add(
                "setctty: another session's",
                () -> sleep().redirectInput(foreign).setsid().setctty(0));
    }

    private void sandbox() {
        for (Namespace each : Namespace.values()) {
            if (each != Namespace.USER) {
                add("namespaces: " + each, () -> sleep().namespaces(each));
                add("unshare: " + each, () -> sleep().unshare(each));
            }
        }
        int ruleset = LaunchKernel.ruleset();
        add("seccomp: without no_new_privs", () -> sleep().seccomp(Filters.allowing()));
        add("landlock: without no_new_privs", () -> sleep().landlock(ruleset, 0));
        add("cgroup: another's", () -> sleep().cgroup(Path.of(System.getProperty("cgroup"))));
    }

    private void maps() {
        IdMap own = IdMap.of(0, NOBODY, 1);
        IdMap many = IdMap.of(0, 1000, 10);
        add("uidMap: others", () -> sleep().namespaces(Namespace.USER).uidMap(many));
        add("uidMap: others, made later", () -> sleep().unshare(Namespace.USER).uidMap(many));
        add("gidMap: others", () -> sleep().namespaces(Namespace.USER).gidMap(many));
        add("gidMap: two", () -> sleep().namespaces(Namespace.USER).gidMap(own, IdMap.of(1, 1, 1)));
        add(
                "allowSetgroups: own group",
                () -> sleep().namespaces(Namespace.USER).gidMap(own).allowSetgroups(true));
        add(
                "uidMap: of a process that is not dumpable",
                LaunchSettings.undumpable(),
                () -> sleep().namespaces(Namespace.USER).uidMap(own).gidMap(own));
    }
}

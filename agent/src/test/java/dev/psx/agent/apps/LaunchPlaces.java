package dev.psx.agent.apps;

import static dev.psx.agent.apps.LaunchApp.sleep;

import dev.psx.agent.apps.LaunchLeaks.Refusal;
import dev.psx.agent.apps.LaunchLeaks.Setting;
import dev.psx.agent.apps.LaunchLeaks.Start;
import dev.psx.process.IdMap;
import dev.psx.process.Namespace;
import dev.psx.process.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What is refused in a cgroup, in a user namespace whose limits are this process's own, and behind a container's filter. */
final class LaunchPlaces {

    private static final int O_PATH = 0x20_0000;
    private static final int ENOSYS = 38;
    private static final int EOPNOTSUPP = 95;
    private static final int EDQUOT = 122;
    private static final int KEYCTL_JOIN_SESSION_KEYRING = 1;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int LANDLOCK_FLAG = 1;
    private static final String ENOUGH = "10000";

    private final Map<String, Refusal> rows = new LinkedHashMap<>();

    private void add(String name, Start start) {
        add(name, LaunchSettings.NONE, start);
    }

    private void add(String name, Setting setting, Start start) {
        rows.put(name, new Refusal(setting, start));
    }

    static Map<String, Refusal> cgroups() throws IOException {
        LaunchPlaces table = new LaunchPlaces();
        Path top = LaunchKernel.newCgroup();
        Path threads = Files.createDirectories(top.resolve("mixed/threads"));
        Files.writeString(threads.resolve("cgroup.type"), "threaded");
        Path invalid = Files.createDirectory(top.resolve("mixed/processes"));
        Path frozen = Files.createDirectory(top.resolve("frozen"));
        Files.writeString(frozen.resolve("cgroup.freeze"), "1");
        Path gone = Files.createDirectory(top.resolve("gone"));
        int open = LaunchKernel.open(gone.toString(), O_PATH);
        Files.delete(gone);
        table.add("cgroup: removed", () -> sleep().cgroup(open));
        table.add("giveUp: in a frozen cgroup", () -> sleep().cgroup(frozen).giveUp(20, TimeUnit.MILLISECONDS));
        table.add("cgroup: beside threads", () -> sleep().cgroup(invalid));
        return table.rows;
    }

    static Map<String, Refusal> userNamespace() {
        LaunchPlaces table = new LaunchPlaces();
        for (Namespace each : Namespace.values()) {
            Setting none = none(each);
            table.add("namespaces: too many, " + each, none, () -> sleep().namespaces(each));
            table.add("unshare: too many, " + each, none, () -> sleep().unshare(each));
        }
        IdMap own = IdMap.of(0, 0, 1);
        IdMap unknown = IdMap.of(0, 5, 1);
        table.add(
                "uidMap: unknown ids", () -> sleep().namespaces(Namespace.USER).uidMap(unknown));
        table.add(
                "gidMap: unknown ids", () -> sleep().namespaces(Namespace.USER).gidMap(unknown));
        table.add(
                "allowSetgroups: where it is forbidden",
                () -> sleep().namespaces(Namespace.USER).gidMap(own).allowSetgroups(true));
        table.add("noGroups: where setgroups is forbidden", () -> sleep().noGroups());
        table.add("nice: of another user namespace", () -> sleep().nice(-1));
        return table.rows;
    }

    private static Setting none(Namespace kind) {
        String name = Map.of(Namespace.MOUNT, "mnt", Namespace.NETWORK, "net")
                .getOrDefault(kind, kind.name().toLowerCase(Locale.ROOT));
        Path limit = Path.of("/proc/sys/user/max_" + name + "_namespaces");
        return () -> {
            Files.writeString(limit, "0");
            return () -> {
                try {
                    Files.writeString(limit, ENOUGH);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            };
        };
    }

    /** A filter may do what the kernel itself does not. */
    static byte[] filter() {
        return new Filters()
                .refuse("setsid", Filters.EPERM)
                .refuse("umask", Filters.EPERM)
                .refuse("ptrace", Filters.EPERM)
                .refuse("mount", Filters.EPERM)
                .refuse("unshare", Filters.EPERM)
                .refuse("chroot", Filters.EPERM)
                .refuse("setpriority", ENOSYS)
                .refuse("clone3", ENOSYS)
                .refuse("keyctl", 0, KEYCTL_JOIN_SESSION_KEYRING, EDQUOT)
                .refuse("getppid", 0) // as if nobody were there
                .refuse("prctl", 0, PR_SET_NO_NEW_PRIVS, Filters.EPERM)
                .refuse("prctl", 1, Signal.USR1.number(), Filters.EPERM)
                .refuse("landlock_restrict_self", 1, 0, EOPNOTSUPP)
                .refuse("landlock_restrict_self", 1, LANDLOCK_FLAG, ENOSYS)
                .end();
    }

    static Map<String, Refusal> filtered() {
        LaunchPlaces table = new LaunchPlaces();
        table.add("user: no more keys", () -> sleep().user(1).group(1).noGroups());
        table.add("setsid: filtered", () -> sleep().setsid());
        table.add("umask: filtered", () -> sleep().umask(077));
        table.add("ptrace: filtered", () -> sleep().ptrace());
        table.add("unshare: filtered", () -> sleep().unshare(Namespace.MOUNT));
        table.add("namespaces: mount filtered", () -> sleep().namespaces(Namespace.MOUNT));
        table.add("namespaces: clone3 filtered", () -> sleep().namespaces(Namespace.TIME));
        table.add("chroot: filtered", () -> sleep().chroot(Path.of("/usr")));
        table.add("nice: filtered", () -> sleep().nice(1));
        table.add("cgroup: clone3 filtered", () -> sleep().cgroup(Path.of("/usr")));
        table.add("noNewPrivileges: filtered", () -> sleep().noNewPrivileges(true));
        table.add("pdeathsig: filtered", () -> sleep().pdeathsig(Signal.USR1));
        table.add("pdeathsig: the parent is gone", () -> sleep().pdeathsig(Signal.KILL));
        int ruleset = LaunchKernel.ruleset();
        table.add("landlock: switched off", () -> sleep().landlock(ruleset, 0));
        table.add("landlock: old kernel", () -> sleep().landlock(ruleset, LANDLOCK_FLAG));
        return table.rows;
    }
}

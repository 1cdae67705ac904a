package dev.psx.agent.apps;

import static dev.psx.agent.apps.LaunchApp.shell;
import static dev.psx.agent.apps.LaunchApp.sleep;

import dev.psx.agent.apps.LaunchApp.Look;
import dev.psx.agent.apps.LaunchApp.Row;
import dev.psx.cap.Capability;
import dev.psx.process.ChildProcess;
import dev.psx.process.IdMap;
import dev.psx.process.LauncherBuilder;
import dev.psx.process.Namespace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Children in namespaces of their own: of root, and of uid and gid 65534 without capabilities. */
final class LaunchNamespaces {

    private static final int NOBODY = 65534;
    private static final Look NAMESPACES = child -> LaunchLook.namespaces(child.pid());
    private static final Look IDS = child -> LaunchLook.status(child.pid(), "Uid", "Gid", "Groups");
    private static final Look CAPABILITIES =
            child -> LaunchLook.status(child.pid(), "CapInh", "CapPrm", "CapEff", "CapAmb");

    private final Map<String, Row> rows;

    LaunchNamespaces(Map<String, Row> rows) {
        this.rows = rows;
    }

    private void add(String name, LauncherBuilder builder, Look look) {
        rows.put(name, new Row(builder, look));
    }

    static LauncherBuilder inUserNamespace(LauncherBuilder builder) {
        IdMap map = IdMap.of(0, 1000, 100);
        return builder.namespaces(Namespace.USER).uidMap(map).gidMap(map);
    }

    private static String maps(ChildProcess child) throws IOException {
        return LaunchLook.map(child.pid(), "uid_map") + "; "
                + LaunchLook.map(child.pid(), "gid_map") + "; "
                + LaunchLook.text(child.pid(), "setgroups").trim() + "; "
                + LaunchLook.status(child.pid(), "Uid", "Gid", "Groups");
    }

    void root() {
        for (Namespace each : Namespace.values()) {
            add("namespaces: " + each, sleep().namespaces(each), NAMESPACES);
            add("unshare: " + each, sleep().unshare(each), NAMESPACES);
        }
        add("namespaces: all", sleep().namespaces(Namespace.values()), NAMESPACES);
        add("unshare: all", sleep().unshare(Namespace.values()), NAMESPACES);
        add(
                "unshare: network has one device",
                sleep().unshare(Namespace.NETWORK),
                child -> LaunchLook.text(child.pid(), "net/dev")
                        .lines()
                        .skip(2)
                        .map(line -> line.replaceAll(":.*", "").trim())
                        .toList());
        remapped();
        groups();
        mounts();
    }

    private void remapped() {
        IdMap root = IdMap.of(0, 0, 1);
        IdMap low = IdMap.of(0, 1000, 1);
        IdMap high = IdMap.of(5, 2000, 7);
        add("uidMap: many", inUserNamespace(sleep()).credential(0, 0), LaunchNamespaces::maps);
        add("gidMap: alone", sleep().namespaces(Namespace.USER).gidMap(low), LaunchNamespaces::maps);
        add("uidMap: alone", sleep().namespaces(Namespace.USER).uidMap(low), LaunchNamespaces::maps);
        LauncherBuilder unshared =
                sleep().unshare(Namespace.USER).uidMap(low, high).gidMap(low, high);
        add(
                "allowSetgroups: in a namespace made later",
                unshared.allowSetgroups(true).credential(5, 6, 7),
                LaunchNamespaces::maps);
        add(
                "uidMap: root, without setgroups",
                sleep().namespaces(Namespace.USER).uidMap(root).gidMap(root),
                LaunchNamespaces::maps);
        add(
                "allowSetgroups: root",
                sleep().namespaces(Namespace.USER).uidMap(root).gidMap(root).allowSetgroups(true),
                LaunchNamespaces::maps);
        IdMap[] most = new IdMap[340];
        for (int i = 0; i < most.length; i++) {
            most[i] = IdMap.of(i * 2L, i * 2L, 1); // short: the kernel takes less than 4096 bytes
        }
        add(
                "uidMap: as many as there may be",
                sleep().namespaces(Namespace.USER).uidMap(most),
                child -> LaunchLook.text(child.pid(), "uid_map").lines().count());
        add(
                "ambient: in a user namespace",
                inUserNamespace(sleep()).credential(1, 1).ambient(Capability.CHOWN),
                CAPABILITIES);
        add(
                "ambient: of another user in a user namespace",
                sleep().namespaces(Namespace.USER)
                        .uidMap(IdMap.of(0, 0, 70_000))
                        .gidMap(IdMap.of(0, 0, 70_000))
                        .allowSetgroups(true)
                        .credential(NOBODY, NOBODY, 1, 2)
                        .ambient(Capability.SYS_TIME, Capability.SYSLOG),
                child -> CAPABILITIES.at(child) + "; " + IDS.at(child));
    }

    private void groups() {
        IdMap root = IdMap.of(0, 0, 1);
        add("credential: no groups", sleep().credential(0, 0), IDS);
        add(
                "credential: no groups where setgroups is forbidden",
                sleep().namespaces(Namespace.USER).uidMap(root).gidMap(root).credential(0, 0),
                IDS);
        add("noGroups: where setgroups is forbidden", inUserNamespace(sleep()).noGroups(), IDS);
        add(
                "keepGroups: where setgroups is forbidden",
                inUserNamespace(sleep()).user(0).group(0).keepGroups(),
                IDS);
    }

    private void mounts() {
        Look leaked = child -> LaunchApp.output(child) + " here "
                + LaunchLook.text(ProcessHandle.current().pid(), "mounts").contains("psx-leak");
        String mount = "mount -n -t tmpfs psx-leak /mnt && grep -c psx-leak /proc/self/mounts";
        add("namespaces: mounts do not leak", shell(mount).namespaces(Namespace.MOUNT), leaked);
        add("unshare: mounts do not leak", shell(mount).unshare(Namespace.MOUNT), leaked);
        add(
                "unshare: mounts do not leak from a root of its own",
                shell("mount -n -t tmpfs psx-leak /share && echo mounted")
                        .chroot(Path.of("/usr"))
                        .unshare(Namespace.MOUNT),
                leaked);
        add(
                "chroot: in a user namespace",
                inUserNamespace(sleep()).credential(0, 0).chroot(Path.of("/usr")),
                child -> LaunchLook.link(child.pid(), "root") + " " + LaunchLook.status(child.pid(), "Uid"));
    }

    static Map<String, Row> unprivileged() {
        LaunchNamespaces table = new LaunchNamespaces(new LinkedHashMap<>());
        IdMap own = IdMap.of(0, NOBODY, 1);
        table.add(
                "uidMap: own ids",
                sleep().namespaces(Namespace.USER).uidMap(own).gidMap(own),
                LaunchNamespaces::maps);
        table.add(
                "credential: empty where setgroups is forbidden",
                sleep().namespaces(Namespace.USER).uidMap(own).gidMap(own).credential(0, 0),
                LaunchNamespaces::maps);
        table.add(
                "unshare: maps and mounts",
                shell("mount -n -t tmpfs psx-leak /mnt && /usr/sbin/chroot /mnt /nothing 2>/dev/null; echo $?")
                        .unshare(Namespace.MOUNT, Namespace.USER)
                        .uidMap(own)
                        .gidMap(own),
                LaunchApp::output);
        table.add(
                "namespaces: all in a user namespace",
                sleep().namespaces(Namespace.values()).uidMap(own).gidMap(own),
                NAMESPACES);
        table.add(
                "chroot: in a user namespace",
                sleep().namespaces(Namespace.USER).uidMap(own).gidMap(own).chroot(Path.of("/usr")),
                child -> LaunchLook.status(child.pid(), "Uid"));
        table.add(
                "ambient: in a user namespace",
                sleep().namespaces(Namespace.USER)
                        .uidMap(IdMap.of(7, NOBODY, 1))
                        .gidMap(IdMap.of(7, NOBODY, 1))
                        .ambient(Capability.NET_RAW),
                CAPABILITIES);
        return table.rows;
    }
}

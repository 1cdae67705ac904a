package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.Console;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Fixtures;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.OutsideView;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.StatusFiles;
import dev.psx.agent.testing.TaskView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Drops where not everything is there that root has on a machine of its own: containers, seccomp filters, user namespaces. What
 * cannot be done is refused in one line and changes nothing; what can be done is done.
 */
@RootOnly
class WorldsIT {

    /** Of Docker's and Podman's default set. */
    private static final String DOCKER =
            "--bounding-set=-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid"
                    + ",+setpcap,+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap";

    /** What their default filters refuse, as far as somebody here might make the call. */
    private static final String REFUSED =
            "add_key,bpf,io_uring_enter,io_uring_register,io_uring_setup,kcmp,keyctl,mount"
                    + ",open_tree,perf_event_open,request_key,setns,unshare,userfaultfd";

    private static final int BASE = 100000;
    private static final String MANY = BASE + ",65536";
    private static final String ROOTLESS = "gids=0," + MANY;

    /** A plan that is refused there, and what the message says of it. */
    private record Refused(String plan, String... words) {}

    /** Commands that lead there, the uids as they are outside, what is refused, and a plan that works. */
    private record World(String name, List<String> through, int uids, String works, Refused... refused) {}

    private static World lacking(String capability, String works, Refused... refused) {
        List<String> through = List.of("setpriv", "--bounding-set=-" + capability);
        return new World("without " + capability, through, 0, works, refused);
    }

    private static World box(String steps, int uids, String works, Refused... refused) {
        List<String> through = new ArrayList<>(List.of(Fixtures.box().toString()));
        through.addAll(List.of(steps.split(" ")));
        return new World(steps, through, uids, works, refused);
    }

    @EachJdk
    void oneCapabilityIsMissing(Jdk jdk) {
        Refused user =
                new Refused("user=daemon", "setresuid(1, 1, 1) failed: EPERM", "lacks CAP_SETUID: start the JVM as");
        Refused groups = new Refused("user=daemon", "setgroups(1) failed: EPERM", "lacks CAP_SETGID: start the JVM as");
        Refused group = new Refused("user=daemon groups=keep", "setresgid(1, 1, 1) failed: EPERM", "lacks CAP_SETGID");
        Refused bounding =
                new Refused("user=daemon", "PR_CAPBSET_DROP, 0) failed: EPERM", "CAP_SETPCAP", "(bounding=keep)");
        Refused limit = new Refused(
                "user=daemon limit-sigpending=300:" + (1L << 40), "failed: EPERM", "lacks CAP_SYS_RESOURCE");
        tryAll(
                jdk,
                lacking("setpcap", "user=daemon bounding=keep", bounding),
                lacking("setuid", "group=daemon groups=daemon caps=", user),
                lacking("setgid", "user=daemon group=keep groups=keep", groups, group),
                lacking("sys_admin", "user=daemon"),
                lacking("sys_resource", "user=daemon limit-nofile=200:300", limit));
    }

    @EachJdk
    void inAContainer(Jdk jdk) {
        String docker = "setpriv " + DOCKER + " ";
        Refused refused =
                new Refused("user=daemon", "setresuid(1, 1, 1) failed: EPERM", "CAP_SETUID is there", "seccomp");
        Refused unknown = new Refused("user=daemon", "setgroups(1) failed: ENOSYS", "a seccomp filter");
        tryAll(
                jdk,
                new World(
                        "Docker",
                        List.of("setpriv", DOCKER),
                        0,
                        "user=daemon caps=net_bind_service ambient=net_bind_service"),
                box("refuse=EPERM:" + REFUSED + " refuse=ENOSYS:clone3 " + docker.trim(), 0, "user=daemon"),
                box("refuse=ENOSYS:" + REFUSED + ",clone3 " + docker.trim(), 0, "user=daemon keyring=private"),
                box("refuse=EPERM:setresuid", 0, "group=daemon groups=daemon caps=", refused),
                box("refuse=ENOSYS:setgroups", 0, "user=daemon groups=keep", unknown),
                box("proc=ro", 0, "user=daemon"),
                box("proc=no-sys", 0, "user=daemon"));
    }

    /** Root in there is an ordinary user outside, whom the directories on the way to its files do not belong to. */
    @EachJdk
    void inAUserNamespace(Jdk jdk) {
        String onlyRoot = "user=0 group=keep groups=keep securebits=noroot,noroot_locked";
        Refused groups = new Refused("user=daemon", "setgroups(1) failed: EPERM", "forbids setgroups", "groups=keep");
        Refused noGroup = new Refused("user=daemon", "setgroups(1) failed: EINVAL", "/proc/self/gid_map");
        Refused noGid =
                new Refused("user=daemon groups=keep", "setresgid(1, 1, 1) failed: EINVAL", "/proc/self/gid_map");
        Refused noUid = new Refused("user=1 group=keep groups=keep", "setresuid(1, 1, 1) failed: EINVAL", "uid_map");
        Refused limit =
                new Refused("limit-sigpending=300:" + (1L << 40), "failed: EPERM", "in a user namespace nobody may");
        tryAll(
                jdk,
                box(ROOTLESS + " uids=0," + MANY, BASE, "user=daemon", limit),
                box(ROOTLESS + " setgroups=deny uids=0," + MANY, BASE, "user=daemon groups=keep", groups),
                box("gids=0,100000,1 uids=0,100000,1", BASE, onlyRoot, noGroup, noGid, noUid),
                box("gids=0,100000,1 setgroups=deny uids=0,100000,1", BASE, onlyRoot, groups, noGid, noUid),
                box(ROOTLESS + " uids=0," + MANY + " gids=0,0,65536 uids=0,0,65536", BASE, "user=daemon"),
                box(ROOTLESS + " uids=0," + MANY + " gids=0,5,1 uids=0,5,1", BASE + 5, onlyRoot, noGroup, noGid, noUid),
                box(ROOTLESS + " uids=0," + MANY + " proc=ro setpriv " + DOCKER, BASE, "user=daemon"),
                box(ROOTLESS + " uids=0," + MANY + " proc=no-sys", BASE, "user=daemon"));
    }

    /** Capabilities without uid 0, as Kubernetes and systemd give them. */
    @EachJdk
    void anotherUserWithCapabilities(Jdk jdk) {
        List<String> through = new ArrayList<>(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        World bare = new World(
                "nobody", List.copyOf(through), 0, "caps= bounding=keep", new Refused("user=daemon", "EPERM"));
        through.addAll(List.of("--inh-caps=+setuid,+setgid,+setpcap", "--ambient-caps=+setuid,+setgid,+setpcap"));
        tryAll(jdk, bare, new World("nobody with capabilities", through, 0, "user=daemon caps=setgid,setpcap"));
    }

    @EachJdk
    void atTheStartItEndsWithTheCode(Jdk jdk) {
        for (String[] world : new String[][] {
            {"user=daemon", "setpriv --bounding-set=-setpcap", "CAP_SETPCAP"},
            {"user=daemon", Fixtures.box() + " gids=0,5,1 uids=0,5,1", "gid_map"},
        }) {
            Jvm jvm = Jvm.of(jdk).nativeAccess().agent(world[0]).through(world[1].split(" "));
            try (Child child = jvm.start(Console.class)) {
                assertThat(child.exitCode()).as(world[1] + child.transcript()).isEqualTo(77);
                assertThat(child.stdout()).isEmpty();
                assertThat(child.stderr())
                        .singleElement()
                        .asString()
                        .startsWith("psx-agent: ")
                        .contains(world[2]);
            }
        }
    }

    /** Signals that a first process has no handler for do not reach it. */
    @EachJdk
    void theFirstProcessOfAContainer(Jdk jdk) {
        Jvm jvm = Jvm.of(jdk).fixture().agent("");
        try (Child outer = jvm.through("unshare", "--pid", "--fork", "--mount-proc", "--kill-child")
                .start(Console.class)) {
            outer.await("ready");
            assertThat(outer.ask("crowd 10 5 2")).startsWith("ok");
            long pid = ProcessHandle.of(outer.pid())
                    .orElseThrow()
                    .children()
                    .findFirst()
                    .orElseThrow()
                    .pid();
            assertThat(outer.ask("read /proc/self/stat")).startsWith("ok 1 (java)");
            Map<String, String> before = StatusFiles.of(pid);
            assertThat(outer.ask("apply user=daemon chdir=/none")).contains("ENOENT", "nothing has changed");
            StatusFiles.assertUnchanged(before, pid);
            assertThat(outer.ask("apply user=daemon")).startsWith("ok dropped");
            assertThat(OutsideView.tasks(pid)).hasSizeGreaterThan(10).allSatisfy(task -> {
                assertThat(task.uid()).containsOnly(1);
                assertThat(task.capPermitted() | task.capBounding()).isZero();
            });
        }
    }

    /** Who owns a directory outside is not known in there, so it may be anybody, but for those that are always root's. */
    @EachJdk
    void inAUserNamespaceDirectoriesOfOutsidersAreNotTrusted(Jdk jdk) {
        Jvm jvm = Jvm.of(jdk).nativeAccess().agent("user=daemon").option("-Ddev.psx.native.dir=/usr/lib");
        try (Child child = jvm.through(Fixtures.box().toString(), ROOTLESS, "uids=0," + MANY)
                .start(Console.class)) {
            assertThat(child.exitCode()).as(child.transcript()).isEqualTo(77);
            assertThat(child.stderr())
                    .singleElement()
                    .asString()
                    .contains("/usr/lib belongs to uid 65534, which stands for everybody outside this user namespace");
        }
    }

    private static void tryAll(Jdk jdk, World... worlds) {
        for (World world : worlds) {
            Jvm jvm = Jvm.of(jdk).fixture().agent("").through(world.through.toArray(new String[0]));
            try (Child child = jvm.start(Console.class)) {
                child.await("ready");
                assertThat(child.ask("crowd 10 5 2")).startsWith("ok");
                for (Refused refused : world.refused) {
                    refuse(child, world, refused);
                }
                work(child, world);
            }
        }
    }

    private static void refuse(Child child, World world, Refused refused) {
        Map<String, String> before = StatusFiles.of(child);
        assertThat(child.ask("apply " + refused.plan))
                .as(world.name)
                .startsWith("failed dev.psx.ErrnoException ")
                .contains(refused.words)
                .endsWith("; nothing has changed");
        StatusFiles.assertUnchanged(before, child);
    }

    /** All that the plan says, and only that; the tasks agree. */
    private static void work(Child child, World world) {
        TaskView before = OutsideView.tasks(child.pid()).get(0);
        assertThat(before.noNewPrivs()).as(world.name).isZero();
        assertThat(child.ask("apply " + world.works)).as(world.name).startsWith("ok dropped");

        String plan = world.works + " ";
        boolean daemon = plan.contains("user=daemon");
        long kept =
                plan.contains("net_bind_service") ? 1L << 10 : plan.contains("setgid,setpcap") ? 1L << 6 | 1L << 8 : 0;
        int uid = daemon ? world.uids + 1 : before.uid().get(0);
        assertThat(OutsideView.tasks(child.pid()))
                .as(world.name)
                .hasSizeGreaterThan(10)
                .allSatisfy(task -> {
                    assertThat(task.uid()).containsOnly(uid);
                    assertThat(task.gid())
                            .containsOnly(
                                    plan.contains("group=keep ") ? before.gid().get(0) : gid(world));
                    assertThat(task.capPermitted()).isEqualTo(kept).isEqualTo(task.capEffective());
                    assertThat(task.capBounding())
                            .isEqualTo(plan.contains("bounding=keep") ? before.capBounding() : kept);
                    assertThat(task.noNewPrivs()).isOne();
                });
        assertThat(child.ask("apply " + world.works)).as(world.name).startsWith("ok nothing to change");
    }

    private static int gid(World world) {
        return world.works.startsWith("caps=") ? 65534 : world.uids + 1;
    }
}

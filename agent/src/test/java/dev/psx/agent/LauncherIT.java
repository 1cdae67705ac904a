package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.psx.agent.apps.LaunchApp;
import dev.psx.agent.apps.OrphanApp;
import dev.psx.agent.apps.TerminalApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Every attribute of a launcher, judged by what the kernel shows of a running child; and every refusal. */
@RootOnly
class LauncherIT {

    private static final String SEEN = """
            nothing = 0 0 0 0; 0; 0000000000000000; 0
            credential = 1234 1234 1234 1234; 1235 1235 1235 1235; 4 24
            no groups = 1234 1234 1234 1234; 1235 1235 1235 1235;
            user by name = 65534 65534 65534 65534; 65534 65534 65534 65534; 65534
            ambient = 0000000000000400; 0000000000000400; 0000000000000400; 0000000000000400
            ambient in a user namespace = 0000000000000001; 0000000000000001; 0000000000000001; 0000000000000001
            inheritable = 0000000000000001
            bounding = 0000000000000021; 0000000000000021
            secure bits = 0 0 0 0; 0000000000000000
            no_new_privs = 1
            seccomp = 2; 1
            landlock = true
            chroot = /usr /usr
            chroot and directory = /usr /usr/lib
            chroot in a user namespace = /usr 1000 1000 1000 1000
            directory = /usr/lib
            clone MOUNT = mnt
            unshare MOUNT = mnt
            clone CGROUP = cgroup
            unshare CGROUP = cgroup
            clone UTS = uts
            unshare UTS = uts
            clone IPC = ipc
            unshare IPC = ipc
            clone USER = user
            unshare USER = user
            clone PID = pid pid_for_children
            unshare PID = pid_for_children
            clone NETWORK = net
            unshare NETWORK = net
            clone TIME = time
            unshare TIME = time
            all at once = cgroup ipc mnt net pid pid_for_children time user uts
            maps = 0 1000 100; 0 1000 100; deny; 1000 1000 1000 1000; 1000 1000 1000 1000
            unshared maps = 0 1000 1, 5 2000 7; allow; 2000 2000 2000 2000; 2001 2001 2001 2001; 2002
            mounts do not leak = 1 here false
            setsid = true true
            setpgid = true false
            pgid = true
            setctty = true
            ptrace = t (tracing stop) true
            limit = 4096 8192 bytes
            few files = 4 5 files
            umask = 0027
            nice = 7
            less nice = -7
            scheduling = 3
            real time = 2 3
            oom score = 321
            pipes = {0=pipe, 1=pipe, 2=pipe}
            merged = out|err
            discarded = {0=pipe, 1=/dev/null, 2=/dev/null}
            exchanged = {0=/dev/zero, 1=/dev/zero, 2=/dev/null, A=/dev/full, B=/dev/zero, 200=/dev/full}
            inherited = true
            environment = [A=b=c, ä=]
            argv0 = [-name, 1000]
            pipeline = 1|2|3|4 00
            from = java
            """;

    private static final String REFUSED = """
            missing program = PROGRAM execve ENOENT
            not in PATH = PROGRAM execve ENOENT
            directory as program = PROGRAM execve EACCES
            not executable = PROGRAM execve EACCES
            no format = PROGRAM execve ENOEXEC
            too much = PROGRAM execve E2BIG
            missing directory = DIRECTORY chdir ENOENT
            file as directory = DIRECTORY chdir ENOTDIR
            missing root = CHROOT chroot ENOENT
            no program in root = PROGRAM execve ENOENT
            missing input = STREAMS openat ENOENT
            closed descriptor = DESCRIPTORS dup3 EBADF
            closed input = DESCRIPTORS dup3 EBADF
            closed at its number = DESCRIPTORS fcntl EBADF
            cgroup is no directory = CLONE clone EBADF
            closed cgroup = CLONE clone EBADF
            no cgroup = STREAMS openat ENOENT
            no ruleset = LANDLOCK landlock_restrict_self EBADFD
            no terminal = TERMINAL ioctl ENOTTY
            nothing to detach from = TERMINAL ioctl ENOTTY
            no foreground = FOREGROUND ioctl EBADF
            unknown group = PROCESS_GROUP setpgid EPERM
            unmapped user = USER setresuid EINVAL
            unmapped group = GROUP setresgid EINVAL
            unmapped groups = GROUPS setgroups EINVAL
            bad filter = SECCOMP seccomp EINVAL
            ambient outside bounding = CAPABILITIES capset EPERM
            locked bits = SECURE_BITS prctl EPERM
            higher limit = LIMITS prlimit64 EPERM
            """;

    private static final String UNPRIVILEGED = """
            user = USER setresuid EPERM
            group = GROUP setresgid EPERM
            groups = GROUPS setgroups EPERM
            chroot = CHROOT chroot EPERM
            directory = DIRECTORY chdir EACCES
            nice = NICE setpriority EACCES
            scheduling = SCHEDULER sched_setscheduler EPERM
            oom score = OOM_SCORE write EACCES
            limit = LIMITS prlimit64 EPERM
            ambient = CAPABILITIES capset EPERM
            bounding = BOUNDING prctl EPERM
            secure bits = SECURE_BITS prctl EPERM
            clone = CLONE clone EPERM
            unshare = UNSHARE unshare EPERM
            seccomp = SECCOMP seccomp EACCES
            landlock = LANDLOCK landlock_restrict_self EPERM
            maps = ID_MAPS write EPERM
            own map = started
            setgroups = ID_MAPS write EPERM
            """;

    private static final String TERMINAL = """
            new group in front = true
            behind = true
            given group in front = true
            detached = true
            """;

    @TempDir
    Path directory;

    @EachJdk
    void everyAttributeIsSeenFromOutside(Jdk jdk) {
        assertRows(jvm(jdk), "seen", SEEN);
    }

    @EachJdk
    void childrenComeToTheFrontOfATerminalAndLeaveIt(Jdk jdk) {
        try (Child child = jvm(jdk).start(TerminalApp.class)) {
            child.await("done");
            assertThat(rows(child.stdout())).isEqualTo(rows(TERMINAL.lines().toList()));
        }
    }

    /** The end of the thread that has started it does nothing to a child, the end of the process ends it. */
    @EachJdk
    void childrenDieWithTheirParentIfAsked(Jdk jdk) throws IOException {
        Path first;
        Path second;
        try (Child child = jvm(jdk).start(OrphanApp.class)) {
            String[] pids = child.await("children ").split(" ");
            first = Path.of("/proc", pids[1]);
            second = Path.of("/proc", pids[2]);
            assertThat(first).exists();
            assertThat(second).exists();
            Child.run(List.of("kill", "-KILL", Long.toString(child.pid())));
            child.exitCode();
        }
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while ((isSleep(first) || isSleep(second)) && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(isSleep(first)).isFalse();
        assertThat(isSleep(second)).isFalse();
    }

    private static boolean isSleep(Path process) {
        try {
            String status = Files.readString(process.resolve("status"));
            return status.startsWith("Name:\tsleep\n") && !status.contains("State:\tZ");
        } catch (IOException e) {
            return false;
        }
    }

    @EachJdk
    void childrenAreBornInTheirCgroup(Jdk jdk) throws IOException {
        Path cgroups = Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .filter(line -> line.split(" ")[2].equals("cgroup2"))
                .map(line -> Path.of(line.split(" ")[1]))
                .findFirst()
                .orElse(null);
        assumeTrue(cgroups != null && Files.isWritable(cgroups), "needs a cgroup2 file system that can be written to");
        Path cgroup = Files.createDirectory(
                cgroups.resolve("psx-" + ProcessHandle.current().pid()));
        try (Child child = jvm(jdk).option("-Dcgroup=" + cgroup).start(LaunchApp.class, "cgroup")) {
            child.await("done");
            assertThat(child.stdout()).contains("path = true", "descriptor = true");
            assertThat(child.exitCode()).as(child.transcript()).isZero();
        } finally {
            Files.delete(cgroup);
        }
    }

    @EachJdk
    void whatTheKernelRefusesIsNamed(Jdk jdk) throws IOException {
        Path program = directory.resolve("program");
        Files.write(program, new byte[] {0, 'x'});
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        // root must lack what some rows ask for
        Jvm jvm = jvm(jdk).option("-Dno.format=" + program)
                .through("setpriv", "--bounding-set=-sys_resource", "--inh-caps=-sys_resource")
                .through("prlimit", "--rttime=9000000:9000000");
        assertRows(jvm, "refused", REFUSED);
    }

    @EachJdk
    void withoutPrivilegesLittleIsAllowed(Jdk jdk) {
        Jvm jvm = jvm(jdk).through("prlimit", "--rttime=9000000:9000000")
                .through("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        assertRows(jvm, "unprivileged", UNPRIVILEGED);
    }

    private static Jvm jvm(Jdk jdk) {
        return Jvm.of(jdk)
                .nativeAccess()
                .agent("")
                .option("-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8")
                .environment("LC_ALL", "C.UTF-8");
    }

    private static void assertRows(Jvm jvm, String table, String expected) {
        try (Child child = jvm.start(LaunchApp.class, table)) {
            child.await("done");
            assertThat(rows(child.stdout())).isEqualTo(rows(expected.lines().toList()));
            assertThat(child.exitCode()).as(child.transcript()).isZero();
            assertThat(child.stderr()).isEmpty();
        }
    }

    private static Map<String, String> rows(List<String> lines) {
        Map<String, String> rows = new LinkedHashMap<>();
        for (String line : lines) {
            String[] parts = line.split(" =", 2);
            if (parts.length == 2) {
                rows.put(parts[0], parts[1].trim());
            }
        }
        return rows;
    }
}

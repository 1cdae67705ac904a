package dev.psx.agent.apps;

import dev.psx.agent.apps.LaunchLeaks.Setting;
import dev.psx.process.ChildProcess;
import dev.psx.process.LauncherBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.UnaryOperator;

/** What makes the kernel refuse: states of the calling thread, which ends with them, and of the process, which are undone. */
final class LaunchSettings {

    static final Setting NONE = () -> LaunchSettings::nothing;

    private static final int O_PATH = 0x20_0000;
    private static final int O_RDONLY = 0;
    private static final int PR_SET_DUMPABLE = 4;
    private static final int PR_SET_SECUREBITS = 28;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int F_SETSIG = 10;
    private static final int F_SETLEASE = 1024;
    private static final int F_WRLCK = 1;
    private static final int SIGURG = 23;
    private static final int RLIMIT_NPROC = 6;
    private static final int RLIMIT_NOFILE = 7;

    private LaunchSettings() {}

    private static void nothing() {}

    /** Runs a command that sleeps in the end, until this process ends. A child would look as if a start had left it. */
    static void runOrphan(String command, UnaryOperator<LauncherBuilder> as) throws IOException {
        ChildProcess shell = as.apply(LaunchApp.shell(command + " >/dev/null 2>&1 & echo $!"))
                .start();
        long pid = Long.parseLong(new String(shell.getInputStream().readAllBytes()).trim());
        ProcessHandle orphan = ProcessHandle.of(pid).orElseThrow();
        Runtime.getRuntime().addShutdownHook(new Thread(orphan::destroyForcibly));
        LaunchLook.awaitSleep(pid);
    }

    static Setting secureBits(int bits) {
        return () -> {
            LaunchKernel.own("prctl", PR_SET_SECUREBITS, bits, 0, 0, 0);
            return LaunchSettings::nothing;
        };
    }

    /** The kernel stacks at most 16. */
    static Setting landlocked(int times) {
        return () -> {
            LaunchKernel.own("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
            int ruleset = LaunchKernel.ruleset();
            for (int i = 0; i < times; i++) {
                LaunchKernel.own("landlock_restrict_self", ruleset, 0);
            }
            LaunchKernel.own("close", ruleset);
            return LaunchSettings::nothing;
        };
    }

    /** The threads of a JVM share their root directory. */
    static Setting chrooted(String directory) {
        return () -> {
            int before = LaunchKernel.open("/", O_PATH);
            LaunchKernel.own("chroot", directory);
            return () -> {
                LaunchKernel.own("fchdir", before);
                LaunchKernel.own("chroot", ".");
                LaunchKernel.own("close", before);
            };
        };
    }

    static Setting undumpable() {
        return () -> {
            LaunchKernel.own("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0);
            return () -> LaunchKernel.own("prctl", PR_SET_DUMPABLE, 1, 0, 0, 0);
        };
    }

    static Setting fewTasks() {
        return limited(RLIMIT_NPROC, 1);
    }

    /** Just as many as there are open already. */
    static Setting noMoreFiles() {
        return () -> {
            long lowest = LaunchKernel.own("fcntl", 0, F_DUPFD_CLOEXEC, 3);
            LaunchKernel.own("close", lowest);
            return limited(RLIMIT_NOFILE, lowest + 1).make();
        };
    }

    /** The soft limit. */
    private static Setting limited(int resource, long soft) {
        return () -> {
            byte[] limit = new byte[16];
            ByteBuffer now = ByteBuffer.wrap(LaunchKernel.filled("prlimit64", 0, resource, 0, limit))
                    .order(ByteOrder.nativeOrder());
            byte[] before = now.array().clone();
            LaunchKernel.own("prlimit64", 0, resource, now.putLong(0, soft).array(), 0);
            return () -> LaunchKernel.own("prlimit64", 0, resource, before, 0);
        };
    }

    static Setting closed(int descriptor) {
        return () -> {
            long copy = LaunchKernel.own("fcntl", descriptor, F_DUPFD_CLOEXEC, 500);
            LaunchKernel.own("close", descriptor);
            return () -> {
                LaunchKernel.own("dup3", copy, descriptor, 0);
                LaunchKernel.own("close", copy);
            };
        };
    }

    static Setting openForWriting(Path file) {
        return () -> {
            FileChannel open = FileChannel.open(file, StandardOpenOption.WRITE);
            return () -> {
                try {
                    open.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            };
        };
    }

    /** Whoever opens the file waits until the lease is given back; SIGURG, which says so, is ignored. */
    static Setting leased(Path file) {
        return () -> {
            int open = LaunchKernel.open(file.toString(), O_RDONLY);
            LaunchKernel.own("fcntl", open, F_SETSIG, SIGURG);
            LaunchKernel.own("fcntl", open, F_SETLEASE, F_WRLCK);
            return () -> LaunchKernel.own("close", open);
        };
    }
}

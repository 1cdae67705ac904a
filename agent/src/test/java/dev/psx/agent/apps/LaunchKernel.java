package dev.psx.agent.apps;

import dev.psx.spi.EnginePort;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** What Java cannot make or ask for: the ruleset of a sandbox, a terminal, any system call of the calling thread. */
final class LaunchKernel {

    private static final int AT_FDCWD = -100;
    private static final int F_DUPFD = 0;
    private static final int HIGH = 700;
    private static final int O_CLOEXEC = 02000000;
    private static final int O_RDWR_NOCTTY = 02 | 0400;
    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final int TIOCSPTLCK = 0x40045431;
    private static final int TIOCGPTN = 0x80045430;
    private static final long MAKE_DIRECTORY = 1 << 7;

    private LaunchKernel() {}

    private static OwnCall call(Program program) {
        return OwnCall.require(EnginePort.get(), program);
    }

    /** Makes one call, which must succeed. Texts and arrays are passed by address. */
    static long own(String name, Object... arguments) {
        return call(program(name, arguments)).result;
    }

    /** Makes one call, which must succeed, and returns what it has written to its first array. */
    static byte[] filled(String name, Object... arguments) {
        return call(program(name, arguments)).blob(0);
    }

    /** Makes one call and gives what it gives: -errno if it fails. */
    static long attempt(String name, Object... arguments) {
        return OwnCall.make(EnginePort.get(), program(name, arguments)).result;
    }

    private static Program program(String name, Object... arguments) {
        Object[] passed = new Object[arguments.length];
        for (int i = 0; i < passed.length; i++) {
            passed[i] = arguments[i] instanceof String text ? (text + "\0").getBytes() : arguments[i];
        }
        return new Program().addShown(name, name, passed);
    }

    static int open(String path, int flags) {
        return (int) own("openat", AT_FDCWD, path, flags, 0);
    }

    /** Moves a descriptor to where messages show it by the same number in every JVM. */
    private static int high(int descriptor) {
        int moved = (int) own("fcntl", descriptor, F_DUPFD, HIGH);
        own("close", descriptor);
        return moved;
    }

    /** Returns -errno if it cannot be opened. */
    static int tryToOpen(String path) {
        return (int) attempt("openat", AT_FDCWD, path, O_CLOEXEC, 0);
    }

    static void close(int descriptor) {
        own("close", descriptor);
    }

    /** A ruleset that lets nobody make a directory. */
    static int ruleset() {
        byte[] rules = ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .putLong(MAKE_DIRECTORY)
                .array();
        return high((int) own("landlock_create_ruleset", rules, rules.length, 0));
    }

    /** A new terminal: master and slave. */
    static int[] terminal() {
        int master = open("/dev/ptmx", O_RDWR_NOCTTY);
        own("ioctl", master, TIOCSPTLCK, new byte[4]);
        byte[] number = filled("ioctl", master, TIOCGPTN, new byte[4]);
        int index = ByteBuffer.wrap(number).order(ByteOrder.nativeOrder()).getInt();
        return new int[] {master, high(open("/dev/pts/" + index, O_RDWR_NOCTTY))};
    }

    /** A cgroup of this process's own where the property says; it and those inside are removed at the end, when all children are gone. */
    static Path newCgroup() throws IOException {
        Path top = Files.createDirectory(Path.of(
                System.getProperty("cgroup"), "psx-" + ProcessHandle.current().pid()));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(top)));
        return top;
    }

    private static void remove(Path cgroup) {
        try (Stream<Path> all = Files.walk(cgroup)) {
            for (Path each : all.sorted(Comparator.reverseOrder())
                    .filter(Files::isDirectory)
                    .toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void adoptOrphans() {
        own("prctl", PR_SET_CHILD_SUBREAPER, 1);
    }
}

package dev.psx.agent.apps;

import dev.psx.spi.EnginePort;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Descriptors that Java cannot make: the ruleset of a sandbox, a terminal, a directory. */
final class LaunchKernel {

    private static final int AT_FDCWD = -100;
    private static final int O_RDWR_NOCTTY = 02 | 0400;
    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final int TIOCSPTLCK = 0x40045431;
    private static final int TIOCGPTN = 0x80045430;
    private static final long MAKE_DIRECTORY = 1 << 7;

    private LaunchKernel() {}

    private static OwnCall call(Program program) {
        return OwnCall.require(EnginePort.get(), program);
    }

    static int open(String path, int flags) {
        byte[] name = (path + "\0").getBytes();
        return (int) call(new Program().addShown("openat", "openat", AT_FDCWD, name, flags, 0)).result;
    }

    /** A ruleset that lets nobody make a directory. */
    static int ruleset() {
        byte[] rules = ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .putLong(MAKE_DIRECTORY)
                .array();
        return (int) call(new Program()
                        .addShown("landlock_create_ruleset", "landlock_create_ruleset", rules, rules.length, 0))
                .result;
    }

    /** A new terminal: master and slave. */
    static int[] terminal() {
        int master = open("/dev/ptmx", O_RDWR_NOCTTY);
        call(new Program().addShown("ioctl", "ioctl", master, TIOCSPTLCK, new byte[4]));
        byte[] number = call(new Program().addShown("ioctl", "ioctl", master, TIOCGPTN, new byte[4]))
                .blob(0);
        int index = ByteBuffer.wrap(number).order(ByteOrder.nativeOrder()).getInt();
        return new int[] {master, open("/dev/pts/" + index, O_RDWR_NOCTTY)};
    }

    static void adoptOrphans() {
        call(new Program().add("prctl", PR_SET_CHILD_SUBREAPER, 1));
    }
}

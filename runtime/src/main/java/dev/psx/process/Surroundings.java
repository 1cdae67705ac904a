package dev.psx.process;

import dev.psx.cap.Capability;
import dev.psx.spi.CapabilityCalls;
import dev.psx.spi.OwnCall;
import dev.psx.spi.OwnState;
import dev.psx.spi.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Function;

/** What the calls of a child depend on besides what was asked for: the process that starts it. */
class Surroundings {

    private static final int RLIMIT_NOFILE = 7;
    private static final int PR_GET_SECUREBITS = 27;
    private static final int NO_SETUID_FIXUP = 1 << 2;

    private final Function<Object[], Object> port;

    Surroundings(Function<Object[], Object> port) {
        this.port = port;
    }

    /** What the child's getppid gives. */
    int pid() {
        return (int) OwnCall.make(port, new Program().add("getpid")).result;
    }

    /** The permitted, the effective and the inheritable set. */
    long[] capabilities() {
        return CapabilityCalls.sets(
                OwnCall.require(port, CapabilityCalls.capget(0)).blob(1));
    }

    /** Whether a change from the present user ids to others empties the permitted and the effective set. */
    boolean losesCapabilitiesWithRoot() {
        long bits = OwnCall.make(port, new Program().add("prctl", PR_GET_SECUREBITS)).result;
        return (bits & NO_SETUID_FIXUP) == 0 && new OwnState(port).hasUser(0);
    }

    /** Every capability that the kernel has. */
    long allCapabilities() {
        return Capability.all();
    }

    /** The soft and the hard limit of open files. */
    long[] openFiles() {
        Program question = new Program()
                .addShown("prlimit64(0, RLIMIT_NOFILE)", "prlimit64", 0, RLIMIT_NOFILE, 0, new byte[2 * Long.BYTES]);
        ByteBuffer limit =
                ByteBuffer.wrap(OwnCall.require(port, question).blob(0)).order(ByteOrder.nativeOrder());
        return new long[] {limit.getLong(0), limit.getLong(Long.BYTES)};
    }

    /** Whether close_range can put the close-on-exec flag on descriptors: Linux 5.11. */
    boolean closesRanges() {
        return KernelFeatures.closesRanges(port);
    }

    /** Whether keyctl can be called: otherwise nobody reaches a key. */
    boolean hasKeyrings() {
        return KernelFeatures.hasKeyrings(port);
    }

    /** The descriptors that a program would inherit. */
    List<Integer> inheritableDescriptors() {
        return KernelFeatures.inheritable(port);
    }
}

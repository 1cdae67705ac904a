package dev.psx.process;

import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What the kernel, or a filter in front of it, allows: asked once. */
final class KernelFeatures {

    private static final int CLOSE_RANGE_CLOEXEC = 4;

    private static final int F_GETFD = 1;
    private static final int EOPNOTSUPP = 95;

    /** So many are looked at where the list is hidden, which a drop of privileges does. */
    private static final int WITHOUT_LIST = 4096;

    private static final int KEYCTL_CAPABILITIES = 31;

    private static Boolean closesRanges;
    private static Boolean keyrings;

    private KernelFeatures() {}

    static synchronized boolean closesRanges(Function<Object[], Object> port) {
        if (closesRanges == null) {
            // Nobody has such descriptors: the limit of their number is below.
            Program harmless = new Program().add("close_range", 0xFFFF_FFFEL, 0xFFFF_FFFFL, CLOSE_RANGE_CLOEXEC);
            closesRanges = OwnCall.make(port, harmless).result == 0;
        }
        return closesRanges;
    }

    static synchronized boolean hasKeyrings(Function<Object[], Object> port) {
        if (keyrings == null) {
            long result = OwnCall.make(port, new Program().add("keyctl", KEYCTL_CAPABILITIES, 0, 0)).result;
            keyrings = result >= 0 || result == -EOPNOTSUPP; // before Linux 5.3 there is only this question missing
        }
        return keyrings;
    }

    /**
     * Returns the descriptors that a program would inherit. Another thread may open one a moment later: this is for kernels that have
     * nothing better.
     */
    static List<Integer> inheritable(Function<Object[], Object> port) {
        List<Integer> found = new ArrayList<>();
        String[] open = new File("/proc/self/fd").list();
        for (int i = 0; i < (open == null ? WITHOUT_LIST : open.length); i++) {
            int descriptor = open == null ? i : Integer.parseInt(open[i]);
            if (OwnCall.make(port, new Program().add("fcntl", descriptor, F_GETFD)).result == 0) {
                found.add(descriptor);
            }
        }
        return found;
    }
}

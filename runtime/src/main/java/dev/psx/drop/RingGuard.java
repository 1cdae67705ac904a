package dev.psx.drop;

import dev.psx.spi.Errno;
import dev.psx.spi.Failures;
import dev.psx.spi.Rings;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Collections;
import java.util.Map;
import java.util.function.Function;

/**
 * Internal: sees to it that no io_uring ring keeps credentials of before the drop. A ring may hold them as personalities, which
 * nothing shows. A ring to which there is no descriptor is out of reach.
 */
final class RingGuard {

    private static final int EEXIST = 17;
    private static final int EBADF = 9;

    private static final Path SELF = Paths.get("/proc/thread-self");

    private final Function<Object[], Object> port;
    private final RingPolicy policy;
    private final Map<Integer, Integer> before;

    /** @param takesAway whether the drop takes something away that a ring could keep */
    RingGuard(Function<Object[], Object> port, RingPolicy policy, boolean takesAway) {
        this.port = port;
        this.policy = policy;
        this.before = policy == RingPolicy.ALLOW
                ? Collections.<Integer, Integer>emptyMap()
                : all(takesAway || policy == RingPolicy.REFUSE);
    }

    /** A ring that cannot be seen may keep what the drop shall take away. */
    private static Map<Integer, Integer> all(boolean matters) {
        try {
            return Rings.of(SELF);
        } catch (IOException e) {
            if (!matters) {
                return Collections.emptyMap();
            }
            throw new IllegalStateException(
                    "the drop was not begun: the descriptors of this process cannot be listed (" + e
                            + "), so nobody can tell whether an io_uring ring would keep its credentials; see to it that /proc is"
                            + " mounted and some descriptors are free, or allow rings; nothing has changed");
        }
    }

    /** Returns the rings that can be seen by their descriptors, each with the task that polls it. */
    static Map<Integer, Integer> rings() {
        try {
            return Rings.of(SELF);
        } catch (IOException e) {
            return Collections.emptyMap(); // /proc is hidden, or not there inside a new root directory
        }
    }

    /**
     * Checks that the drop may begin.
     *
     * @throws IllegalStateException if there is a ring that must not be, or that cannot be made to forget
     */
    void refuse() {
        refuseAny(policy, before);
        for (int descriptor : before.keySet()) {
            long answer = forget(descriptor, false);
            if (answer == -EEXIST) {
                throw refusal(
                        descriptor,
                        "is an io_uring ring that only the task that made it may change (IORING_SETUP_SINGLE_ISSUER), so"
                                + " credentials registered with it could not be forgotten; close it first, or allow rings");
            }
            if (answer < 0 && !isHarmless(answer)) {
                throw refusal(
                        descriptor,
                        "is an io_uring ring, and credentials registered with it could not be forgotten: "
                                + Failures.result(answer) + "; close it first, or allow rings");
            }
        }
    }

    /** Of another process no more can be judged: whether a ring would forget is known to who asks it. */
    static void refuseAny(RingPolicy policy, Map<Integer, Integer> rings) {
        for (int descriptor : policy == RingPolicy.REFUSE ? rings.keySet() : Collections.<Integer>emptySet()) {
            throw refusal(descriptor, "is an io_uring ring, and rings are to be refused; close it first");
        }
    }

    /**
     * Takes the credentials out of every ring that there is now.
     *
     * @return how many there were
     * @throws IllegalStateException if a ring may still have some
     */
    long forget() {
        long forgotten = 0;
        for (int descriptor : policy == RingPolicy.FORGET ? now().keySet() : Collections.<Integer>emptySet()) {
            long answer = forget(descriptor, true);
            if (answer >= 0) {
                forgotten += answer;
            } else if (!isHarmless(answer)) {
                throw new IllegalStateException("the io_uring ring of descriptor " + descriptor
                        + " may still have credentials of before: " + Failures.result(answer));
            }
        }
        return forgotten;
    }

    /** From inside a new root directory /proc may not be there: then those of before must do. */
    private Map<Integer, Integer> now() {
        Map<Integer, Integer> now = rings();
        return now.isEmpty() ? before : now;
    }

    private long forget(int descriptor, boolean really) {
        return (Long) port.apply(new Object[] {"ring", descriptor, really});
    }

    /** It was closed meanwhile, is another file by now, or a seccomp filter keeps rings from being used at all. */
    private static boolean isHarmless(long answer) {
        return answer == -EBADF || answer == -Errno.EOPNOTSUPP || answer == -Errno.EPERM || answer == -Errno.ENOSYS;
    }

    private static IllegalStateException refusal(int descriptor, String why) {
        return new IllegalStateException(
                "the drop was not begun: descriptor " + descriptor + " " + why + "; nothing has changed");
    }
}

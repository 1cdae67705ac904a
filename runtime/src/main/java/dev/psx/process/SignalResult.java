package dev.psx.process;

import dev.psx.ErrnoException;
import dev.psx.spi.Errno;

/** What sending a signal gave. */
final class SignalResult {

    private SignalResult() {}

    /** Tells whether there was a process to send it to. */
    static boolean delivered(long result, int signal, long pid) {
        if (result == -Errno.ESRCH) {
            return false;
        }
        if (result < 0) {
            int errno = (int) -result;
            String why = errno == Errno.EPERM ? "; it runs as another user, and CAP_KILL is missing" : "";
            throw new ErrnoException(
                    "pidfd_send_signal",
                    errno,
                    "sending " + Signal.name(signal) + " to process " + pid + " failed: " + Errno.name(errno) + " ("
                            + Errno.describe(errno) + ")" + why);
        }
        return true;
    }
}

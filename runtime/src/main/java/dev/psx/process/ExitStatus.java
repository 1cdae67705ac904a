package dev.psx.process;

import java.nio.ByteBuffer;

/**
 * How a process ended. {@link Process#exitValue()} folds a signal into the number 128 + signal, which a program may also return by itself;
 * here the two are apart. Immutable.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/waitid.2.html">waitid(2)</a>
 */
public final class ExitStatus {

    // siginfo_t: si_signo, si_errno, si_code, a gap, si_pid, si_uid, si_status
    private static final int CODE = 8;
    private static final int STATUS = 24;

    private static final int CLD_EXITED = 1;
    private static final int CLD_DUMPED = 3;
    private static final int SIGNAL_BASE = 128;

    /** Somebody else has taken the status. */
    static final ExitStatus UNKNOWN = new ExitStatus(0, 0, ResourceUsage.NONE);

    private final int code;
    private final int status;
    private final ResourceUsage usage;

    private ExitStatus(int code, int status, ResourceUsage usage) {
        this.code = code;
        this.status = status;
        this.usage = usage;
    }

    /** Reads what waitid has written. */
    static ExitStatus of(ByteBuffer siginfo, ByteBuffer rusage) {
        return new ExitStatus(siginfo.getInt(CODE), siginfo.getInt(STATUS), ResourceUsage.of(rusage));
    }

    /**
     * Tells whether the status is known. It is not if other code of this process has waited for the child, or if SIGCHLD is ignored, or
     * if the process is no child.
     *
     * @return false if all other methods can say nothing
     */
    public boolean isKnown() {
        return code != 0;
    }

    /**
     * Tells whether the process ended by itself.
     *
     * @return false if a signal ended it
     */
    public boolean exited() {
        return code == CLD_EXITED;
    }

    /**
     * Returns what the process gave to exit(3).
     *
     * @return 0 to 255; -1 if it did not end by itself
     */
    public int exitCode() {
        return exited() ? status : -1;
    }

    /**
     * Returns the signal that ended the process.
     *
     * @return 1 to 64, see {@link Signal}; 0 if it ended by itself
     */
    public int signal() {
        return isKnown() && !exited() ? status : 0;
    }

    /**
     * Tells whether the kernel has written a core dump.
     *
     * @return the core flag of the wait status
     */
    public boolean coreDumped() {
        return code == CLD_DUMPED;
    }

    /**
     * Returns what {@link Process#exitValue()} says: the exit code, or 128 + signal.
     *
     * @return the number; -1 if it is not known
     */
    public int exitValue() {
        return exited() ? status : isKnown() ? SIGNAL_BASE + status : -1;
    }

    /**
     * Returns what the process used, its own children that it waited for included.
     *
     * @return the usage; nothing but zeroes if it is not known
     */
    public ResourceUsage usage() {
        return usage;
    }

    /**
     * Returns the status in words.
     *
     * @return such as {@code exit code 1} or {@code SIGSEGV (core dumped)}
     */
    @Override
    public String toString() {
        return exited()
                ? "exit code " + status
                : isKnown() ? Signal.name(status) + (coreDumped() ? " (core dumped)" : "") : "unknown";
    }
}

package dev.psx.process;

import dev.psx.spi.Errno;

/** Finds processes: by pidfd, where all that is needed of pidfds works. */
final class Handles {

    private static final int ENFILE = 23;
    private static final int EMFILE = 24;

    private static Boolean pidfds;

    private Handles() {}

    static Handle find(Kernel kernel, int pid) {
        if (!pidfdsWork(kernel)) {
            return IdHandle.find(kernel, pid);
        }
        long descriptor = kernel.call("pidfd_open", pid, 0);
        boolean notLeader = descriptor == -Errno.EINVAL || descriptor == -Errno.ENOENT;
        if (descriptor == -Errno.ESRCH || notLeader && !ProcessStat.isThread(kernel, pid)) {
            return new GoneHandle(pid); // some kernels say the other of one that is about to be gone
        }
        if (descriptor < 0) {
            throw PidFd.failed("pidfd_open", notLeader ? Errno.EINVAL : (int) -descriptor, pid);
        }
        return new PidFdHandle(kernel, pid, (int) descriptor);
    }

    /**
     * Asked once, of this process: open it, wait for it (it is no child of itself), send it no signal. Too many open files say nothing
     * about pidfds, so then it is asked again the next time.
     */
    static synchronized boolean pidfdsWork(Kernel kernel) {
        if (pidfds == null) {
            int descriptor = (int) kernel.call("pidfd_open", kernel.call("getpid"), 0);
            if (descriptor == -EMFILE || descriptor == -ENFILE || descriptor == -Errno.ENOMEM) {
                return true;
            }
            pidfds = descriptor >= 0
                    && Waiting.of(kernel, Waiting.P_PIDFD, descriptor, Waiting.NOW)
                                    .result()
                            == -Errno.ECHILD
                    && kernel.call("pidfd_send_signal", descriptor, 0, 0, 0) == 0;
            kernel.close(descriptor);
        }
        return pidfds;
    }
}

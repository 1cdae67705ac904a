package dev.psx.process;

import dev.psx.ErrnoException;
import dev.psx.spi.Access;
import dev.psx.spi.Errno;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A handle of any process: a pidfd, see pidfd_open(2). Unlike a process id it never comes to mean another process.
 *
 * <p>Safe for use by several threads: {@link #close} waits for nobody, but the descriptor is closed only when no other thread uses it.
 * Where the kernel has no pidfds, or a filter hides them, a handle remembers id and start time of its process and compares them before each
 * use, which leaves a moment in which the id may be given to another.
 */
public final class PidFd implements AutoCloseable {

    private final Handle handle;

    PidFd(Handle handle) {
        this.handle = handle;
    }

    /**
     * Opens a handle of a process.
     *
     * @param pid the id in this process's pid namespace, 1 or more
     * @return the handle
     * @throws ErrnoException with ESRCH if there is no such process, EINVAL if the id is a thread's, EMFILE if too many descriptors are open
     * @throws IllegalStateException if there is no engine in this process; the cause says why
     */
    public static PidFd open(long pid) {
        PidFd found = find(pid);
        if (found.handle instanceof GoneHandle) {
            throw failed("pidfd_open", Errno.ESRCH, pid);
        }
        return found;
    }

    /**
     * Finds a process. One that is gone is no error: its handle says that it has ended.
     *
     * @param pid the id in this process's pid namespace, 1 or more
     * @return the handle
     * @throws ErrnoException with EINVAL if the id is a thread's, EMFILE if too many descriptors are open
     * @throws IllegalStateException if there is no engine in this process; the cause says why
     */
    public static PidFd find(long pid) {
        if (pid < 1 || pid > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("there is no process id " + pid);
        }
        return Access.call(port -> new PidFd(Handles.find(new Kernel(port), (int) pid)));
    }

    static ErrnoException failed(String call, int errno, long pid) {
        return new ErrnoException(
                call,
                errno,
                call + " of process " + pid + " failed: " + Errno.name(errno) + " (" + Errno.describe(errno) + ")"
                        + cause(call, errno));
    }

    private static String cause(String call, int errno) {
        switch (Errno.name(errno)) {
            case "EPERM":
                return "; this process may not: the other one has more rights";
            case "ESRCH":
                return "; it has ended, or there has never been one";
            case "EINVAL":
                return call.equals("pidfd_open") ? "; the id is that of a thread: give its process's" : "";
            case "ECHILD":
                return "; it is no child of this process, or somebody else has reaped it or will do so";
            case "EBADF":
                return call.equals("pidfd_getfd") ? "; it has no such descriptor" : "";
            case "EMFILE":
                return "; this process has as many descriptors as it may: raise RLIMIT_NOFILE";
            default:
                return "";
        }
    }

    /**
     * Returns the process id that the process has, or had.
     *
     * @return the id
     */
    public long pid() {
        return handle.pid;
    }

    /**
     * Returns the descriptor, for other system calls. It is this object's: it is closed with it.
     *
     * @return its number; -1 if there is none: the process was gone, or the kernel has no pidfds
     */
    public int descriptor() {
        return handle.descriptor();
    }

    /**
     * Tells whether the process has not ended. A zombie has.
     *
     * @return false if it has ended
     * @throws IllegalStateException if this handle is closed
     */
    public boolean isAlive() {
        return handle.isAlive();
    }

    /**
     * Sends a signal.
     *
     * @param signal the signal
     * @return false if the process has been reaped
     * @throws ErrnoException with EPERM, if this process may not
     * @throws IllegalStateException if this handle is closed
     */
    public boolean sendSignal(Signal signal) {
        return sendSignal(signal.number());
    }

    /**
     * Sends a signal, see kill(2).
     *
     * @param signal the signal's number, 1 to 64; 0 only asks whether it could be sent
     * @return false if the process has been reaped
     * @throws ErrnoException with EPERM, if this process may not
     * @throws IllegalStateException if this handle is closed
     */
    public boolean sendSignal(int signal) {
        int number = signal == 0 ? 0 : Signal.require(signal);
        return SignalResult.delivered(handle.signal(number, null), number, pid());
    }

    /**
     * Sends a signal with a number, see sigqueue(3): the receiver sees it as {@code si_value} with the code {@code SI_QUEUE}.
     *
     * @param signal the signal's number, 1 to 64
     * @param value what is sent along
     * @return false if the process has been reaped
     * @throws ErrnoException with EPERM, if this process may not, or EAGAIN, if too many signals are queued
     * @throws IllegalStateException if this handle is closed
     */
    public boolean sendSignal(int signal, int value) {
        return SignalResult.delivered(handle.signal(Signal.require(signal), value), signal, pid());
    }

    /**
     * Waits until the process has ended: any process, not only a child. A child is not reaped by this.
     *
     * @return how it ended; empty if it is no child of this process, or has been reaped
     * @throws InterruptedException if this thread is interrupted meanwhile
     * @throws IllegalStateException if this handle is closed
     */
    public Optional<ExitStatus> waitFor() throws InterruptedException {
        try {
            return handle.ended().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /**
     * Waits until the process has ended, but no longer than this.
     *
     * @param timeout how long
     * @param unit the time's unit
     * @return whether it has ended
     * @throws InterruptedException if this thread is interrupted meanwhile
     * @throws IllegalStateException if this handle is closed
     */
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        try {
            handle.ended().get(Math.max(timeout, 0), unit);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /**
     * Returns what completes when the process has ended, as {@link #waitFor()} does, also if this handle is closed meanwhile. What is chained
     * to it runs in the common pool, unless it is said otherwise.
     *
     * @return a new future
     * @throws IllegalStateException if this handle is closed
     */
    public CompletableFuture<Optional<ExitStatus>> onExit() {
        return handle.ended().thenApplyAsync(status -> status);
    }

    /**
     * Reaps a child of this process that nobody else waits for, such as one that native code has made; see waitid(2). Not for children of
     * {@link ProcessBuilder} or {@link Launcher}, which would miss their status.
     *
     * @return how it ended; empty if it has not ended
     * @throws ErrnoException with ECHILD, if it is no child of this process, or has been reaped
     * @throws IllegalStateException if this handle is closed
     */
    public Optional<ExitStatus> reap() {
        return handle.reap();
    }

    /**
     * Fetches a duplicate of a descriptor of the process, see pidfd_getfd(2); Linux 5.6. This process needs the right to trace the other
     * one (PTRACE_MODE_ATTACH_REALCREDS).
     *
     * @param number the descriptor's number in the other process
     * @return its number in this process, with close-on-exec; whoever asked closes it
     * @throws ErrnoException with EPERM, EBADF if the process has no such descriptor, ESRCH if it has ended, ENOSYS if this kernel cannot
     * @throws IllegalStateException if this handle is closed
     */
    public int getFd(int number) {
        return handle.getFd(Numbers.descriptor(number));
    }

    /** Closes the descriptor. Closing it again does nothing. */
    @Override
    public void close() {
        handle.close();
    }

    @Override
    public String toString() {
        return "PidFd[pid=" + pid() + "]";
    }
}

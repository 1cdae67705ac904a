package dev.psx.process;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A child that a {@link Launcher} has started. It is a {@link Process} in every respect, on a pidfd instead of a process id: a signal never
 * reaches another process, and no thread waits for it alone. One thread waits for all.
 *
 * <p>On Java 9 and newer the methods that {@code Process} got there work too: {@code toHandle}, {@code info}, {@code children}, {@code
 * descendants}. The handle is one of this library's own and signals by pidfd; so it equals none of {@code ProcessHandle.of}, which also refuse
 * to be compared with it (ClassCastException). Compare process ids instead.
 *
 * <p>When the child has ended its streams are closed; what was left in them can still be read.
 */
public class ChildProcess extends Process {

    private final RunningChild child;
    private final ChildStreams streams;

    ChildProcess(RunningChild child, ChildStreams streams) {
        this.child = child;
        this.streams = streams;
    }

    /**
     * Returns the stream that writes to the child's standard input. Buffered.
     *
     * @return a stream that refuses everything if the standard input was redirected
     */
    @Override
    public OutputStream getOutputStream() {
        return streams.toChild();
    }

    /**
     * Returns the stream that reads the child's standard output. Buffered.
     *
     * @return a stream without content if the standard output was redirected
     */
    @Override
    public InputStream getInputStream() {
        return streams.fromChild();
    }

    /**
     * Returns the stream that reads the child's standard error. Buffered.
     *
     * @return a stream without content if the standard error was redirected
     */
    @Override
    public InputStream getErrorStream() {
        return streams.errorOfChild();
    }

    /**
     * Waits until the child has ended.
     *
     * @return as {@link #exitValue()}
     * @throws InterruptedException if this thread is interrupted meanwhile
     */
    @Override
    public int waitFor() throws InterruptedException {
        child.waitBriefly(Long.MAX_VALUE);
        try {
            return child.ended().get().exitValue();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /**
     * Waits until the child has ended, but no longer than this.
     *
     * @param timeout how long
     * @param unit the time's unit
     * @return whether it has ended
     * @throws InterruptedException if this thread is interrupted meanwhile
     */
    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        long start = System.nanoTime();
        long nanos = Math.max(unit.toNanos(timeout), 0);
        child.waitBriefly(nanos);
        try {
            child.ended().get(Math.max(nanos - (System.nanoTime() - start), 0), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /**
     * Returns the exit code, or 128 + the signal that ended the child.
     *
     * @return the number; -1 if somebody else in this process has waited for the child
     * @throws IllegalThreadStateException if the child has not ended
     */
    @Override
    public int exitValue() {
        return exitStatus().exitValue();
    }

    /**
     * Returns how the child ended: exit code or signal, core dump, resources used.
     *
     * @return the status
     * @throws IllegalThreadStateException if the child has not ended
     */
    public ExitStatus exitStatus() {
        ExitStatus status = child.ended().getNow(null);
        if (status == null) {
            throw new IllegalThreadStateException("process " + pid() + " has not ended");
        }
        return status;
    }

    /**
     * Returns the signal that ended the child.
     *
     * @return 1 to 64, see {@link Signal}; 0 if it ended by itself
     * @throws IllegalThreadStateException if the child has not ended
     */
    public int terminationSignal() {
        return exitStatus().signal();
    }

    /**
     * Tells whether the kernel has written a core dump of the child.
     *
     * @return the core flag of the wait status
     * @throws IllegalThreadStateException if the child has not ended
     */
    public boolean coreDumped() {
        return exitStatus().coreDumped();
    }

    /**
     * Returns what the child, and its own children that it waited for, have used.
     *
     * @return the usage
     * @throws IllegalThreadStateException if the child has not ended
     */
    public ResourceUsage resourceUsage() {
        return exitStatus().usage();
    }

    @Override
    public boolean isAlive() {
        return !child.ended().isDone();
    }

    /**
     * Returns the process id. When the child has ended another process may have it.
     *
     * @return the id in this process's pid namespace
     */
    public long pid() {
        return child.pid();
    }

    /**
     * Returns what completes when the child has ended, with this object. What is chained to it runs in the common pool, unless it is said
     * otherwise.
     *
     * @return a new future
     */
    public CompletableFuture<Process> onExit() {
        return child.ended().thenApplyAsync(status -> this);
    }

    /**
     * Tells whether {@link #destroy} asks the child to end, instead of ending it.
     *
     * @return true
     */
    public boolean supportsNormalTermination() {
        return true;
    }

    /** Sends SIGTERM, unless the child has ended. */
    @Override
    public void destroy() {
        signalQuietly(Signal.TERM);
    }

    /**
     * Sends SIGKILL, unless the child has ended.
     *
     * @return this object
     */
    @Override
    public Process destroyForcibly() {
        signalQuietly(Signal.KILL);
        return this;
    }

    /** A child with other ids may refuse, of which ProcessBuilder's children do not speak either. */
    private void signalQuietly(Signal signal) {
        child.signal(signal.number());
    }

    /**
     * Sends a signal.
     *
     * @param signal the signal
     * @return false if the child has ended
     * @throws dev.psx.ErrnoException with EPERM, if this process may not
     */
    public boolean signal(Signal signal) {
        return signal(signal.number());
    }

    /**
     * Sends a signal.
     *
     * @param number the signal's number, 1 to 64
     * @return false if the child has ended
     * @throws dev.psx.ErrnoException with EPERM, if this process may not
     */
    public boolean signal(int number) {
        return SignalResult.delivered(child.signal(Signal.require(number)), number, pid());
    }

    /**
     * Returns a handle of the child for those who need a pidfd. It has a descriptor of its own, which stays valid when the child has ended
     * and this object has given up its own.
     *
     * @return a new handle; whoever asked closes it
     * @throws dev.psx.ErrnoException with EMFILE, if too many descriptors are open
     */
    public PidFd pidFd() {
        return new PidFd(child.handle());
    }

    @Override
    public String toString() {
        ExitStatus status = child.ended().getNow(null);
        return "Process[pid=" + pid() + ", " + (status == null ? "running" : status.toString()) + "]";
    }
}

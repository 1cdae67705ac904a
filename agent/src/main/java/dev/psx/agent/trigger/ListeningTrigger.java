package dev.psx.agent.trigger;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs an action once, as soon as this process listens on all of these ports, in the thread that completed them. Other threads
 * that come here meanwhile wait until it is over, so whoever made a socket listen returns to a process that has been dropped.
 */
public final class ListeningTrigger implements Runnable {

    private final Set<Integer> ports;
    private final Runnable action;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean done;

    /** To be armed with {@code AgentState.onListening}; then {@link #run} it once, for the sockets that listen already. */
    public ListeningTrigger(Set<Integer> ports, Runnable action) {
        this.ports = new TreeSet<>(ports);
        this.action = action;
    }

    /**
     * A socket may have begun to listen.
     *
     * @throws IllegalStateException if this process's sockets cannot be examined
     */
    @Override
    public void run() {
        // If this thread is in here already, the action itself has opened a socket.
        if (!done && !lock.isHeldByCurrentThread()) {
            lock.lock();
            try {
                runOnceComplete();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Runs this instead of the action, if the ports are not complete even now. Waits for an action that is running. */
    public void expire(Runnable failure) {
        lock.lock();
        try {
            runOnceComplete();
            if (!done) {
                failure.run();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether the action has been run, successfully or not. */
    public boolean done() {
        return done;
    }

    /** Returns the ports on which no socket of this process listens. */
    public Set<Integer> missing() {
        Set<Integer> missing = new TreeSet<>(ports);
        missing.removeAll(ListeningSockets.ports());
        return missing;
    }

    private void runOnceComplete() {
        if (!done && missing().isEmpty()) {
            try {
                action.run();
            } catch (RuntimeException e) {
                done = true;
                throw e;
            }
            // Not after an Error: no stack or no memory was left here, and that decides nothing. It is tried again.
            done = true;
        }
    }
}

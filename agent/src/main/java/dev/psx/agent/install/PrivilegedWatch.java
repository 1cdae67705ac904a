package dev.psx.agent.install;

import dev.psx.agent.bootstrap.AgentFailure;
import dev.psx.agent.trigger.Watcher;

/** Says once a minute that the process is still privileged, until the application has seen to that by itself. */
final class PrivilegedWatch implements Watcher.Subject {

    private final DropJob job;
    private final String reason;

    PrivilegedWatch(DropJob job, String reason) {
        this.job = job;
        this.reason = reason;
    }

    /** @param job null if it could not even be set up */
    static void start(DropJob job, String reason) {
        new Watcher(new PrivilegedWatch(job, reason), 0).start();
    }

    @Override
    public boolean dropped() {
        return job != null && job.dropped();
    }

    @Override
    public void poll() {
        // There is nothing to wait for but the next warning.
    }

    @Override
    public void deadlinePassed() {
        throw new IllegalStateException("a watch without a deadline has passed it");
    }

    @Override
    public void stillPrivileged(Throwable problem) {
        if (!holds()) {
            Log.warn("the process is still privileged: " + reason);
        }
    }

    private boolean holds() {
        try {
            return job != null && job.holds();
        } catch (AgentFailure e) {
            return false; // what cannot be seen is not taken for granted
        }
    }
}

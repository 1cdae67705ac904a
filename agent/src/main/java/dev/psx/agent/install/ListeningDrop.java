package dev.psx.agent.install;

import dev.psx.agent.bootstrap.AgentFailure;
import dev.psx.agent.bootstrap.AgentState;
import dev.psx.agent.instrument.Instrumenter;
import dev.psx.agent.trigger.ListeningTrigger;
import dev.psx.agent.trigger.Watcher;
import dev.psx.policy.PolicySettings;
import java.lang.instrument.Instrumentation;
import java.util.Set;

/** The drop of when=listening: inside the call that makes the last of the ports listen. */
final class ListeningDrop implements Watcher.Subject {

    private final DropJob job;
    private final PolicySettings settings;
    private final FailurePolicy policy;
    private final ListeningTrigger trigger;
    private final Watcher watcher;

    ListeningDrop(DropJob job, PolicySettings settings, FailurePolicy policy) {
        this.job = job;
        this.settings = settings;
        this.policy = policy;
        this.trigger = new ListeningTrigger(settings.ports(), new Runnable() {
            @Override
            public void run() {
                drop();
            }
        });
        this.watcher = new Watcher(this, settings.deadlineUs() / 1000);
    }

    /**
     * Drops at once if the sockets listen already (an inherited one may), else as soon as they do.
     *
     * @throws AgentFailure if it was tried at once and nothing has changed
     */
    void arm(Instrumentation instrumentation) {
        try {
            Instrumenter.installListeningHooks(instrumentation);
            armTrigger();
        } catch (IllegalStateException e) {
            AgentState.onListening = null;
            Log.trace(e);
            throw new AgentFailure(AgentFailure.NOT_CHANGED, e.getMessage() + "; nothing has changed", e);
        }
        if (!job.dropped()) {
            watcher.start();
        }
    }

    private void armTrigger() {
        AgentState.onListening = new Runnable() {
            @Override
            public void run() {
                listening();
            }
        };
        trigger.run();
    }

    /** Runs in whatever thread has made a socket listen. */
    private void listening() {
        try {
            poll();
        } catch (Error e) {
            // That thread is near the end of its stack, or the memory is: the watcher has a stack of its own.
            watcher.awaitLook();
        }
    }

    /** Runs in whatever thread has made a socket listen, or the watcher's. */
    @Override
    public void poll() {
        try {
            trigger.run();
        } catch (AgentFailure e) {
            policy.handle(e);
        }
    }

    private void drop() {
        try {
            job.run();
        } catch (AgentFailure e) {
            AgentState.onListening = null;
            throw e;
        }
        // Not before: until then whoever makes a socket listen has to wait.
        AgentState.onListening = null;
    }

    @Override
    public boolean dropped() {
        return job.dropped();
    }

    @Override
    public void deadlinePassed() {
        try {
            trigger.expire(new Runnable() {
                @Override
                public void run() {
                    policy.handle(late());
                }
            });
        } catch (AgentFailure e) {
            policy.handle(e);
        } catch (IllegalStateException | Error e) {
            // Not to know whether the sockets listen does not move the deadline.
            policy.handle(late());
        }
    }

    private AgentFailure late() {
        return new AgentFailure(
                AgentFailure.NOT_CHANGED,
                "deadline: after " + settings.deadlineUs() / 1_000_000.0 + " s still " + waiting()
                        + "; did the server start, and on that port? nothing has changed",
                null);
    }

    @Override
    public void stillPrivileged(Throwable problem) {
        String reason = trigger.done() ? "the drop has failed" : waiting();
        Log.warn("the process is still privileged: " + reason);
        if (problem != null) {
            Log.trace(problem);
        }
    }

    private String waiting() {
        try {
            Set<Integer> missing = trigger.missing();
            return missing.isEmpty()
                    ? "trying to drop"
                    : "waiting for a socket of this process that listens on port " + join(missing);
        } catch (IllegalStateException e) {
            return "waiting for port " + join(settings.ports()) + ", and " + e.getMessage();
        }
    }

    private static String join(Iterable<Integer> ports) {
        StringBuilder text = new StringBuilder();
        for (Integer port : ports) {
            text.append(text.length() == 0 ? "" : "+").append(port);
        }
        return text.toString();
    }
}

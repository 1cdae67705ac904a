package dev.psx.agent.install;

import dev.psx.agent.bootstrap.AgentFailure;
import dev.psx.agent.bootstrap.AgentState;
import dev.psx.agent.instrument.Instrumenter;
import dev.psx.drop.DropSpec;
import dev.psx.policy.PolicySettings;
import dev.psx.policy.When;
import dev.psx.spi.EnginePort;
import java.lang.instrument.Instrumentation;
import java.util.function.Function;

/**
 * One installation by one set of options. The order is that of what can be taken back: load the engine, resolve names,
 * instrument, try the drop where it changes nothing, and only then drop.
 */
final class Installation {

    private final PolicySettings settings;
    private final Instrumentation instrumentation;
    private final FailurePolicy policy;
    private DropJob job;
    private ChildProfiles children;

    Installation(PolicySettings settings, Instrumentation instrumentation, FailurePolicy policy) {
        this.settings = settings;
        this.instrumentation = instrumentation;
        this.policy = policy;
    }

    /**
     * Installs, and drops if it is time to.
     *
     * @throws ConfigurationException if the options make no sense on this system
     * @throws AgentFailure if something else fails; no privilege has changed
     */
    void run() {
        Function<Object[], Object> engine = Engine.start(settings);
        DropSpec spec = settings.drops() ? Engine.resolve(settings, engine) : null;
        if (spec != null) {
            job = new DropJob(engine, spec, settings.user());
        }
        ChildProfiles wanted = ChildProfiles.of(settings, engine, spec);
        if (settings.when() == When.START && spec != null) {
            job.begin();
        }
        instrument(engine);
        wanted.install(instrumentation);
        children = wanted;
        Object[] plan = settings.when() == When.MANUAL ? spec.encoded() : null;
        EnginePort.install(new ApplicationPort(engine, settings, plan, children.encoded()));
        if (spec != null) {
            drop();
        }
    }

    /** The process goes on after {@link #run} has failed. */
    void goOnPrivileged() {
        if (settings.drops()) {
            PrivilegedWatch.start(job, "the drop has failed");
        }
    }

    /** Nothing shall have changed after {@link #run} has failed. */
    void withdraw() {
        if (children != null && children.encoded() != null) {
            children.withdraw(instrumentation);
            EnginePort.install(new ApplicationPort(Engine.start(settings), settings, null, null));
        }
    }

    private void drop() {
        if (settings.when() == When.START || job.holds()) {
            job.run();
            return;
        }
        // A process without privilege shall fail here, not when it has begun to serve.
        job.rehearse();
        if (settings.when() == When.MANUAL) {
            PrivilegedWatch.start(job, "the application has not applied the plan yet (when=manual)");
        } else {
            new ListeningDrop(job, settings, policy).arm(instrumentation);
        }
    }

    private void instrument(Function<Object[], Object> engine) {
        if (AgentState.active) {
            return;
        }
        try {
            Instrumenter.install(instrumentation);
        } catch (IllegalStateException e) {
            Log.trace(e);
            throw new AgentFailure(AgentFailure.NOT_CHANGED, e.getMessage() + "; nothing has changed", e);
        }
        ChildHandles.install(engine, instrumentation);
        AgentState.active = true;
    }
}

package dev.psx.agent.install;

import dev.psx.Divergence;
import dev.psx.Psx;
import dev.psx.agent.bootstrap.AgentFailure;
import dev.psx.agent.bootstrap.AgentStarter;
import dev.psx.agent.bootstrap.AgentState;
import dev.psx.agent.instrument.Instrumenter;
import dev.psx.spi.DropSpec;
import dev.psx.spi.EnginePort;
import java.lang.instrument.Instrumentation;
import java.util.Locale;
import java.util.function.Function;

/**
 * Installs the agent. The order is that of what can be taken back: read the options, load the engine, resolve names, try the drop
 * where it changes nothing, instrument, and only then drop.
 */
public final class Installer implements AgentStarter {

    @Override
    public void start(String options, Instrumentation instrumentation, boolean attached) {
        Settings settings;
        try {
            settings = OptionParser.parse(options);
            Log.level(settings.log());
        } catch (ConfigurationException e) {
            throw new AgentFailure(AgentFailure.CONFIGURATION, "bad option: " + e.getMessage(), e);
        }
        FailurePolicy policy = new FailurePolicy(settings.warnsOnFailure(attached));
        try {
            install(settings, instrumentation, policy);
        } catch (ConfigurationException e) {
            throw new AgentFailure(AgentFailure.CONFIGURATION, "bad option: " + e.getMessage(), e);
        } catch (AgentFailure e) {
            // An attacher is told, and may try again.
            if (e.exitCode() == AgentFailure.CONFIGURATION || attached && policy.warns()) {
                throw e;
            }
            policy.handle(e);
            if (settings.drops()) {
                PrivilegedWatch.start(null, "the drop has failed");
            }
        }
    }

    private static void install(Settings settings, Instrumentation instrumentation, FailurePolicy policy) {
        Function<Object[], Object> engine = Engine.start(settings);
        DropSpec spec = settings.drops() ? Engine.resolve(settings, engine) : null;
        DropJob job = spec == null ? null : new DropJob(engine, spec, settings.user());
        boolean waits = job != null && settings.when() != When.START && !job.holds();
        if (waits) {
            job.rehearse();
        }
        instrument(instrumentation);
        publish(settings, engine, spec);
        if (job == null) {
            return;
        }
        if (!waits) {
            job.run();
        } else if (settings.when() == When.MANUAL) {
            PrivilegedWatch.start(job, "the application has not applied the plan yet (when=manual)");
        } else {
            new ListeningDrop(job, settings, policy).arm(instrumentation);
        }
    }

    private static void publish(Settings settings, Function<Object[], Object> engine, DropSpec spec) {
        Object[] plan = settings.when() == When.MANUAL ? spec.encoded() : null;
        EnginePort.install(new ApplicationPort(engine, settings.api(), plan));
        Psx.onDivergence(Divergence.valueOf(settings.onDivergence().toUpperCase(Locale.ROOT)));
    }

    private static void instrument(Instrumentation instrumentation) {
        if (AgentState.active) {
            return;
        }
        try {
            Instrumenter.install(instrumentation);
        } catch (IllegalStateException e) {
            Log.trace(e);
            throw new AgentFailure(AgentFailure.NOT_CHANGED, e.getMessage() + "; nothing has changed", e);
        }
        AgentState.active = true;
    }
}

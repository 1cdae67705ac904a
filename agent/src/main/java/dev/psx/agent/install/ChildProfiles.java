package dev.psx.agent.install;

import dev.psx.Credentials;
import dev.psx.agent.bootstrap.AgentFailure;
import dev.psx.agent.bootstrap.JdkChildren;
import dev.psx.agent.instrument.Instrumenter;
import dev.psx.drop.ChildRules;
import dev.psx.drop.DropSpec;
import dev.psx.policy.PolicySettings;
import dev.psx.policy.When;
import dev.psx.spi.ChildProfile;
import dev.psx.spi.ForkAndExec;
import dev.psx.spi.TaskSnapshot;
import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.function.Function;

/** What all children of the application shall be, from the installation on. */
final class ChildProfiles {

    private final Function<Object[], Object> engine;
    private final ChildProfile profile;

    private ChildProfiles(Function<Object[], Object> engine, ChildProfile profile) {
        this.engine = engine;
        this.profile = profile;
    }

    /**
     * Resolves the names and looks whether it is possible.
     *
     * @throws ConfigurationException if it makes no sense, or no child could ever have it after the drop
     * @throws AgentFailure if this process lacks what it takes
     */
    static ChildProfiles of(PolicySettings settings, Function<Object[], Object> engine, DropSpec drop) {
        if (!settings.hasChildProfile()) {
            return new ChildProfiles(engine, ChildProfile.NONE);
        }
        ChildProfile profile = Engine.resolveChildren(settings, engine, drop);
        List<TaskSnapshot> tasks = TaskSnapshot.takingPart(TaskSnapshot.all(engine));
        Credentials now = tasks.get(0).credentials();
        String obstacle = ChildRules.obstacle(profile, drop, now);
        if (obstacle != null && drop == null) {
            throw new AgentFailure(AgentFailure.NOT_CHANGED, Log.oneLine(obstacle), null);
        }
        if (obstacle != null && settings.when() == When.START) {
            throw new ConfigurationException(obstacle);
        }
        if (obstacle != null) {
            Log.warn(Log.oneLine("after the drop " + obstacle));
        }
        return new ChildProfiles(engine, profile);
    }

    /** Returns what the request "child-profile" gives. */
    Object[] encoded() {
        return profile.isNone() ? null : profile.encoded();
    }

    /**
     * From now on children of the JDK have it.
     *
     * @throws AgentFailure if this JDK makes them in a way that is not known
     */
    void install(Instrumentation instrumentation) {
        if (profile.isNone()) {
            return;
        }
        try {
            JdkChildren.makeBy(ForkAndExec.of(engine, profile));
            Instrumenter.installProfileHook(instrumentation);
        } catch (IllegalStateException e) {
            Log.trace(e);
            throw new AgentFailure(AgentFailure.CONFIGURATION, Log.oneLine(e.getMessage()), e);
        }
        Log.info(Log.oneLine(
                "every child of this process from now on: " + String.join("; ", ChildRules.describe(profile))));
    }

    /** It shall be as if it had not been installed. */
    void withdraw(Instrumentation instrumentation) {
        if (!profile.isNone()) {
            Instrumenter.removeProfileHook(instrumentation);
            JdkChildren.makeBy(ForkAndExec.of(engine, ChildProfile.NONE));
        }
    }
}

package dev.psx.agent.install;

import dev.psx.agent.bootstrap.AgentFailure;
import dev.psx.drop.DropSpec;
import dev.psx.drop.DropSpecBuilder;
import dev.psx.drop.UnknownNameException;
import dev.psx.engine.NativeEngine;
import dev.psx.policy.PolicySettings;
import dev.psx.spi.ChildProfile;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Starts the engine and asks it what the options mean on this system. */
public final class Engine {

    private Engine() {}

    /**
     * Loads the engine, unless that has been done.
     *
     * @throws AgentFailure if it cannot work here
     */
    public static Function<Object[], Object> start(PolicySettings settings) {
        Function<Object[], Object> engine;
        try {
            engine = NativeEngine.start();
        } catch (RuntimeException | LinkageError e) {
            Log.trace(e);
            throw new AgentFailure(exitCode(e), "the engine is not available: " + Log.oneLine(message(e)), e);
        }
        Map<String, Long> times = new HashMap<>();
        times.put("max-pause-us", settings.maxPauseUs());
        times.put("give-up-us", settings.giveUpUs());
        engine.apply(new Object[] {"configure", times});
        return engine;
    }

    /**
     * Resolves the names.
     *
     * @throws ConfigurationException if one is unknown, or what is asked for makes no sense for that user
     * @throws AgentFailure if the user database cannot be asked
     */
    public static DropSpec resolve(PolicySettings settings, Function<Object[], Object> engine) {
        DropSpecBuilder spec = settings.addTo(new DropSpecBuilder());
        try {
            return spec.build(engine);
        } catch (UnknownNameException e) {
            throw new ConfigurationException(Log.oneLine(settings.at(e).getMessage()));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(Log.oneLine(e.getMessage()));
        } catch (IllegalStateException e) {
            throw new AgentFailure(AgentFailure.NOT_CHANGED, Log.oneLine(e.getMessage()), e);
        }
    }

    /**
     * Resolves what children shall be.
     *
     * @param drop what this process shall become, or null
     * @throws ConfigurationException if the user is unknown, or may not be had
     * @throws AgentFailure if the user database cannot be asked
     */
    public static ChildProfile resolveChildren(
            PolicySettings settings, Function<Object[], Object> engine, DropSpec drop) {
        try {
            return settings.childProfile(engine, drop);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(Log.oneLine(e.getMessage()));
        } catch (IllegalStateException e) {
            throw new AgentFailure(AgentFailure.NOT_CHANGED, Log.oneLine(e.getMessage()), e);
        }
    }

    /** The JVM's own command line forbids native access: that is a matter of configuration. */
    private static int exitCode(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e.getClass().getName().equals("java.lang.IllegalCallerException")) {
                return AgentFailure.CONFIGURATION;
            }
        }
        return AgentFailure.NOT_CHANGED;
    }

    private static String message(Throwable e) {
        return e.getMessage() == null || !(e instanceof IllegalStateException) ? e.toString() : e.getMessage();
    }
}

package dev.psx.agent.install;

import dev.psx.agent.bootstrap.AgentFailure;
import dev.psx.agent.bootstrap.AgentStarter;
import dev.psx.policy.PolicySettings;
import dev.psx.spi.EnginePort;
import java.lang.instrument.Instrumentation;
import org.slf4j.LoggerFactory;

/** The isolated end of the way from the entry class; decides what becomes of the process if the installation fails. */
public final class Installer implements AgentStarter {

    @Override
    public void start(String options, Instrumentation instrumentation, boolean attached) {
        try {
            PolicySettings settings = OptionParser.parse(options);
            Log.level(settings.log());
            start(settings, instrumentation, attached);
        } catch (ConfigurationException e) {
            throw new AgentFailure(AgentFailure.CONFIGURATION, "bad option: " + e.getMessage(), e);
        }
    }

    private static void start(PolicySettings settings, Instrumentation instrumentation, boolean attached) {
        if (System.getProperty(LoggerFactory.PROVIDER_PROPERTY_KEY) != null) {
            AgentLoggingProvider.forestallApplicationChoice();
        }
        FailurePolicy policy = new FailurePolicy(settings.warnsOnFailure(attached));
        Installation installation = new Installation(settings, instrumentation, policy);
        try {
            installation.run();
        } catch (AgentFailure e) {
            EnginePort.unavailable(e);
            if (attached) {
                installation.withdraw();
            }
            // An attacher is told, and may try again.
            if (e.exitCode() == AgentFailure.CONFIGURATION || attached && policy.warns()) {
                throw e;
            }
            policy.handle(e);
            installation.goOnPrivileged();
        }
    }
}

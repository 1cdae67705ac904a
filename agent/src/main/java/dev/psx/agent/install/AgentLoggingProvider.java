package dev.psx.agent.install;

import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** Sends what the isolated parts log to the agent's own log; the application's SLF4J is another one and has no part in it. */
public final class AgentLoggingProvider implements SLF4JServiceProvider, ILoggerFactory {

    private static final String APPLICATION_CHOICE = LoggerFactory.PROVIDER_PROPERTY_KEY;

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter context = new NOPMDCAdapter();

    /**
     * Has our copy of SLF4J look for its provider now, if the application has named its own by a system property: that is not
     * meant for our copy, which would report on standard error that it does not find it.
     */
    static void forestallApplicationChoice() {
        String choice = System.getProperty(APPLICATION_CHOICE);
        if (choice != null) {
            System.clearProperty(APPLICATION_CHOICE);
            try {
                LoggerFactory.getILoggerFactory();
            } finally {
                System.setProperty(APPLICATION_CHOICE, choice);
            }
        }
    }

    @Override
    public Logger getLogger(String name) {
        return new AgentLogger(name);
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return this;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return context;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99"; // as SLF4J asks of providers: any 2.0
    }

    @Override
    public void initialize() {
        // Everything is there from the beginning.
    }
}

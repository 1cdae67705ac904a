package dev.psx.agent.bootstrap;

import java.lang.instrument.Instrumentation;

/** The way from the entry class to the isolated part of the agent. */
public interface AgentStarter {

    /**
     * Installs the agent and drops what the options say, if it is time to.
     *
     * @param attached whether the JVM is running already; it shall then survive whatever has changed nothing
     * @throws AgentFailure if that cannot be done, and the process shall not go on without it, or its attacher must know
     */
    void start(String options, Instrumentation instrumentation, boolean attached);
}

package dev.psx.agent.bootstrap;

/**
 * What the agent's class loaders, and code instrumented in the JDK, must agree on. There is one copy per process: the class is
 * on the bootstrap loader.
 */
public final class AgentState {

    /** The agent is installed: the exec lock and the hooks are live. */
    public static volatile boolean active;

    /** What to run whenever a socket of this process begins to listen; null when nobody waits for that. */
    public static volatile Runnable onListening;

    private static String options;

    private AgentState() {}

    /**
     * Claims the process for an agent with these options.
     *
     * @return false if an agent with the same options is here already
     * @throws IllegalStateException if one with other options is
     */
    public static synchronized boolean claim(String claimed) {
        String wanted = claimed == null ? "" : claimed;
        if (options == null) {
            options = wanted;
            return true;
        }
        if (options.equals(wanted)) {
            return false;
        }
        throw new IllegalStateException("the agent is given twice with different options: first \"" + options
                + "\", then \"" + wanted + "\"; give it once, or twice with the same options");
    }

    /** Gives the claim back: the agent could not be installed and nothing has changed, so it may be tried again. */
    public static synchronized void release() {
        options = null;
    }
}

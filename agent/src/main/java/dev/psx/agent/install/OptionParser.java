package dev.psx.agent.install;

import dev.psx.policy.PolicyException;
import dev.psx.policy.PolicyParser;
import dev.psx.policy.PolicySettings;

/** Reads the agent's options. */
public final class OptionParser {

    private OptionParser() {}

    /**
     * Reads the text after {@code -javaagent:psx-agent.jar=}, and the policy file that it names.
     *
     * @param options may be null or empty: nothing is dropped
     * @throws ConfigurationException whatever is wrong with them
     */
    public static PolicySettings parse(String options) {
        try {
            return PolicyParser.options(options);
        } catch (PolicyException e) {
            throw new ConfigurationException(e.getMessage());
        }
    }
}

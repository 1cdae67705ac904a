package dev.psx.policy;

import java.nio.file.Path;
import java.util.List;

/**
 * Internal: reads {@code key=value,key=value}, and policy files. Strict, because a setting that is silently not obeyed leaves a
 * process privileged: whatever is not understood in full is an error that names the choices.
 */
public final class PolicyParser {

    private PolicyParser() {}

    /**
     * Reads options, and the policy file that they name.
     *
     * @param options may be null or empty: nothing is dropped
     * @throws PolicyException whatever is wrong with them
     */
    public static PolicySettings options(String options) {
        Given given = new Given();
        add(given, OptionText.read(options == null ? "" : options));
        Setting policy = given.get(Key.POLICY);
        if (policy != null) {
            add(given, PolicyText.read(policy.value, PolicyFile.read(policy)));
        }
        return new PolicySettings(given);
    }

    /**
     * Reads a policy file alone.
     *
     * @throws PolicyException whatever is wrong with it
     */
    public static PolicySettings file(Path file) {
        Given given = new Given();
        String name = file.toString();
        add(given, PolicyText.read(name, PolicyFile.read(name)));
        return new PolicySettings(given);
    }

    /** Reads a policy file's content, whoever may have written it. */
    static PolicySettings text(String file, byte[] content) {
        Given given = new Given();
        add(given, PolicyText.read(file, content));
        return new PolicySettings(given);
    }

    private static void add(Given given, List<Setting> settings) {
        for (Setting setting : settings) {
            given.add(setting);
        }
    }
}

package dev.psx.process;

import java.io.File;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The program and what it is started with. */
abstract class CommandOptions<B extends CommandOptions<B>> {

    final LaunchSpec spec;

    CommandOptions(LaunchSpec spec) {
        this.spec = spec;
    }

    abstract B self();

    /**
     * What the program is told its own name is; otherwise the first word of the command.
     *
     * @param name the name, {@code argv[0]} in C
     * @return this builder
     * @throws IllegalArgumentException if it contains the character 0
     */
    public B argv0(String name) {
        spec.argv0 = Texts.noNul("argv[0]", name);
        return self();
    }

    /**
     * Sets one variable of the environment, which otherwise is this process's as it is when the child is started first.
     *
     * @param name the variable's name, not empty, without {@code =}
     * @param value its value
     * @return this builder
     * @throws IllegalArgumentException if there can be no such variable
     */
    public B environment(String name, String value) {
        variables().put(Texts.variableName(name), Texts.noNul("environment variable " + name, value));
        return self();
    }

    /**
     * Gives the child these variables and no others.
     *
     * @param variables the values by name
     * @return this builder
     * @throws IllegalArgumentException if there can be no such variable
     */
    public B environment(Map<String, String> variables) {
        spec.environment = new LinkedHashMap<>();
        for (Map.Entry<String, String> each : variables.entrySet()) {
            environment(each.getKey(), each.getValue());
        }
        return self();
    }

    /**
     * Leaves one variable out.
     *
     * @param name the variable's name
     * @return this builder
     */
    public B unsetEnvironment(String name) {
        variables().remove(Objects.requireNonNull(name, "name"));
        return self();
    }

    /**
     * Gives the child no variables but those that are set afterwards.
     *
     * @return this builder
     */
    public B clearEnvironment() {
        spec.environment = new LinkedHashMap<>();
        return self();
    }

    private Map<String, String> variables() {
        if (spec.environment == null) {
            spec.environment = new LinkedHashMap<>(System.getenv());
        }
        return spec.environment;
    }

    /**
     * The child's working directory, otherwise this process's. It is entered with the child's ids and below its root directory: see
     * chdir(2). A program whose path is relative is found from there.
     *
     * @param directory the directory; null for this process's
     * @return this builder
     * @throws IllegalArgumentException if it contains the character 0
     */
    public B directory(File directory) {
        spec.directory = directory == null ? null : Texts.noNul("working directory", directory.getPath());
        return self();
    }

    /**
     * The child's working directory, see {@link #directory(File)}.
     *
     * @param directory the directory
     * @return this builder
     */
    public B directory(Path directory) {
        spec.directory = directory.toString();
        return self();
    }
}

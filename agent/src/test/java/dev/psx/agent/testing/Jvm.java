package dev.psx.agent.testing;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How to start one JVM: agent options, options, class path, main class. By default the class path is that of the test classes
 * alone, so the application meets the agent's jar only as {@code -javaagent}.
 */
public final class Jvm {

    private final Jdk jdk;
    private final List<String> prefix = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private final List<String> program = new ArrayList<>();
    private final List<Path> classPath = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();

    private Jvm(Jdk jdk) {
        this.jdk = jdk;
        classPath.add(Artifacts.testClasses());
        // A crash must show its own report, not leave a core of hundreds of megabytes.
        options.addAll(List.of("-Xmx512m", "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=/dev/stderr"));
    }

    public static Jvm of(Jdk jdk) {
        return new Jvm(jdk);
    }

    /** Adds the agent under test; {@code agentOptions} may be empty. */
    public Jvm agent(String agentOptions) {
        return agent(Artifacts.agentJar(), agentOptions);
    }

    public Jvm agent(Path jar, String agentOptions) {
        return option("-javaagent:" + jar + (agentOptions.isEmpty() ? "" : "=" + agentOptions));
    }

    public Jvm option(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    /** Loads the C fixtures where the application calls them. */
    public Jvm fixture() {
        return nativeAccess().option("-Dpsx.fixture=" + Fixtures.library());
    }

    /** Allows native access, so that newer JVMs do not warn of it. */
    public Jvm nativeAccess() {
        return jdk.version() < 22 ? this : option("--enable-native-access=ALL-UNNAMED");
    }

    /** Replaces the class path. */
    public Jvm classPath(List<Path> paths) {
        classPath.clear();
        classPath.addAll(paths);
        return this;
    }

    public Jvm addToClassPath(List<Path> paths) {
        classPath.addAll(paths);
        return this;
    }

    public Jvm environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** A command that runs the JVM, such as {@code setpriv …}. */
    public Jvm through(String... command) {
        prefix.addAll(List.of(command));
        return this;
    }

    /** What comes last on the command line instead of {@code -cp … MainClass}. */
    public Jvm program(String... words) {
        program.addAll(List.of(words));
        return this;
    }

    public Child start(Class<?> main, String... arguments) {
        List<String> paths = classPath.stream().map(Path::toString).toList();
        program("-cp", String.join(File.pathSeparator, paths), main.getName());
        return program(arguments).start();
    }

    public Child start() {
        List<String> command = new ArrayList<>(prefix);
        command.add(jdk.tool("java").toString());
        command.addAll(options);
        command.addAll(program);
        ProcessBuilder builder = new ProcessBuilder(command);
        // The JVM would announce these on standard error, which tests compare line by line.
        List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")
                .forEach(builder.environment().keySet()::remove);
        builder.environment().putAll(environment);
        return new Child(builder);
    }
}

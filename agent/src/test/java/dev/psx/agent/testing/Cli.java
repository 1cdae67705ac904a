package dev.psx.agent.testing;

import java.util.List;
import java.util.stream.Stream;

/** The agent's own command line, run as operators run it. */
public final class Cli {

    private Cli() {}

    /** Runs {@code java -jar psx-agent.jar WORDS…} to its end. */
    public static Child run(Jdk jdk, String... words) {
        List<String> program = Stream.concat(
                        Stream.of("-jar", Artifacts.agentJar().toString()), Stream.of(words))
                .toList();
        Child child = Jvm.of(jdk).program(program.toArray(new String[0])).start();
        child.exitCode();
        return child;
    }

    public static Child status(Jdk jdk, Child target) {
        return run(jdk, "status", Long.toString(target.pid()));
    }
}

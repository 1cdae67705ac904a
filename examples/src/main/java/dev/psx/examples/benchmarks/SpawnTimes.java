package dev.psx.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long it takes to start /bin/true and to wait for its end: with the launcher, ProcessBuilder by each of its launch mechanisms and with
 * the agent, posix_spawn in C, and Go. All are there at the same time, with the same memory in use, and measure in turns, a moment each: the
 * machine's own drift is larger than what is to be seen. (A harness that measures one JVM after the other, as JMH does, cannot do that.)
 */
public final class SpawnTimes {

    static final String AGENT = "-javaagent:../agent/target/psx-agent.jar";
    private static final String MECHANISM = "-Djdk.lang.Process.launchMechanism=";
    private static final String NATIVE = "target/spawn/";
    private static final int BESIDE_THE_HEAP_MB = 200;

    private final SpawnOptions options;
    private final SpawnTable table = new SpawnTable();

    private SpawnTimes(SpawnOptions options) {
        this.options = options;
    }

    /**
     * Prints the table.
     *
     * @param arguments see {@link SpawnOptions}
     */
    public static void main(String[] arguments) throws IOException {
        SpawnOptions options;
        try {
            options = SpawnOptions.parse(Arrays.asList(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println("run.sh: " + e.getMessage() + " (--help has the arguments)");
            System.exit(2);
            return;
        }
        System.out.println(Machine.heading());
        System.out.println();
        System.out.println(SpawnTable.HEADING);
        for (String jdk : options.jdks) {
            for (int megabytes : options.memory) {
                new SpawnTimes(options).measure(jdk, megabytes);
            }
        }
    }

    private void measure(String jdk, int megabytes) throws IOException {
        for (int restart = 0; restart < options.restarts; restart++) {
            compareAll(commands(jdk, megabytes), megabytes);
        }
        for (String streams : options.streams) {
            for (int threads : options.threads) {
                System.out.println(table.row(Machine.version(jdk), megabytes, threads, streams));
            }
        }
    }

    private void compareAll(Map<String, List<String>> left, int megabytes) throws IOException {
        while (!left.isEmpty()) {
            Map<String, SpawnContestant> present = new LinkedHashMap<>();
            try {
                start(left, megabytes, present);
                compare(present);
            } finally {
                for (SpawnContestant each : present.values()) {
                    each.close();
                }
            }
        }
    }

    /** As many as there is memory for, but as many as must be compared with each other. */
    private static void start(Map<String, List<String>> left, int megabytes, Map<String, SpawnContestant> present)
            throws IOException {
        long room = Machine.availableMegabytes() * 8 / 10;
        for (String name : new ArrayList<>(left.keySet())) {
            room -= megabytes + BESIDE_THE_HEAP_MB;
            if (room < 0 && !present.isEmpty()) {
                break;
            }
            SpawnContestant contestant = new SpawnContestant(left.remove(name));
            if (contestant.ready()) {
                present.put(name, contestant);
            } else {
                contestant.close();
            }
        }
    }

    private void compare(Map<String, SpawnContestant> present) throws IOException {
        List<String[]> turns = new ArrayList<>();
        for (String name : present.keySet()) {
            for (String api : SpawnTable.apis(name)) {
                turns.add(new String[] {name, api});
                for (String streams : options.streams) {
                    present.get(name)
                            .times(api, streams, 4, options.warmUpMilliseconds)
                            .count();
                }
            }
        }
        for (int round = 0; round < options.rounds; round++) {
            for (String streams : options.streams) {
                for (int threads : options.threads) {
                    for (int i = 0; i < turns.size(); i++) { // nobody always follows the same one
                        String[] turn = turns.get((i + round) % turns.size());
                        if (turn[1].equals("bare") && !streams.equals("inherit")) {
                            continue;
                        }
                        table.add(
                                turn[0],
                                turn[1],
                                threads,
                                streams,
                                present.get(turn[0]).times(turn[1], streams, threads, options.milliseconds));
                    }
                }
            }
        }
    }

    /** First those that are compared with each other. */
    private Map<String, List<String>> commands(String jdk, int megabytes) throws IOException {
        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands.put("JVM", java(jdk, megabytes));
        commands.put("C", List.of(NATIVE + "children-c", Integer.toString(megabytes)));
        commands.put("agent", java(jdk, megabytes, AGENT));
        commands.put("Go", List.of(NATIVE + "children-go", Integer.toString(megabytes)));
        commands.put("VFORK", java(jdk, megabytes, MECHANISM + "VFORK"));
        commands.put("FORK", java(jdk, megabytes, MECHANISM + "FORK"));
        commands.keySet().retainAll(options.contestants);
        if (!Files.exists(Path.of(NATIVE + "children-go"))) {
            commands.remove("Go");
        }
        return commands;
    }

    /** The whole heap is in use from the beginning. */
    static List<String> java(String jdk, int megabytes, String... more) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(jdk + "/bin/java", "-cp", System.getProperty("java.class.path")));
        command.addAll(
                List.of("-XX:+UseG1GC", "-Xms" + megabytes + "m", "-Xmx" + megabytes + "m", "-XX:+AlwaysPreTouch"));
        command.addAll(List.of("-Xshare:auto", "-Xlog:disable", "-Xlog:all=error:stderr"));
        if (Machine.feature(jdk) >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED"); // it would warn of what JNA does
        }
        command.addAll(Arrays.asList(more));
        command.add(SpawnWorker.class.getName());
        return command;
    }
}

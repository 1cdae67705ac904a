package dev.psx.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link AgentCosts} in JVMs with and without the agent, in turns, and prints the medians of all iterations and their ratio:
 * the machine's own drift between two runs is larger than what the agent costs.
 */
public final class CompareAgent {

    private static final Path AGENT = Path.of("../agent/target/psx-agent.jar");

    /** From Java 24 on the JVM warns of what JNA and JMH do. */
    private static final List<String> NO_WARNINGS =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private final int rounds;
    private final TimeValue iteration;
    private final Map<String, List<Double>> without = new TreeMap<>();
    private final Map<String, List<Double>> with = new TreeMap<>();

    private CompareAgent(int rounds, int milliseconds) {
        this.rounds = rounds;
        this.iteration = TimeValue.milliseconds(milliseconds);
    }

    /**
     * Prints the table.
     *
     * @param arguments rounds, milliseconds of an iteration, and JDKs; what is missing is 5, 500, and this JDK
     */
    public static void main(String[] arguments) throws IOException, RunnerException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        int milliseconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 500;
        List<String> jdks = arguments.length > 2
                ? Arrays.asList(arguments).subList(2, arguments.length)
                : List.of(System.getProperty("java.home"));
        System.out.println(Machine.heading());
        System.out.println();
        System.out.println("| JDK | benchmark | without [ns] | with [ns] | with/without |");
        System.out.println("|---|---|---|---|---|");
        for (String jdk : jdks) {
            new CompareAgent(rounds, milliseconds).compare(jdk);
        }
    }

    private void compare(String jdk) throws IOException, RunnerException {
        String version = Machine.version(jdk);
        List<String> quiet = Machine.feature(jdk) < 24 ? List.of() : NO_WARNINGS;
        List<String> agent = new ArrayList<>(quiet);
        agent.add("-javaagent:" + AGENT);
        for (int i = 0; i < rounds; i++) {
            run(jdk, without, quiet);
            run(jdk, with, agent);
        }
        for (String benchmark : with.keySet()) {
            double before = median(without.get(benchmark)), after = median(with.get(benchmark));
            System.out.printf("| %s | %s | %.0f | %.0f | %.3f |%n", version, benchmark, before, after, after / before);
        }
    }

    private void run(String jdk, Map<String, List<Double>> scores, List<String> jvmArguments) throws RunnerException {
        Runner runner = new Runner(new OptionsBuilder()
                .include(AgentCosts.class.getName())
                .jvm(jdk + "/bin/java")
                .jvmArgs(jvmArguments.toArray(new String[0]))
                .forks(1)
                .warmupIterations(3)
                .warmupTime(iteration)
                .measurementIterations(5)
                .measurementTime(iteration)
                .timeUnit(TimeUnit.NANOSECONDS)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build());
        for (RunResult run : runner.run()) {
            BenchmarkParams params = run.getParams();
            String name = params.getBenchmark().replaceAll(".*\\.", "");
            for (BenchmarkResult fork : run.getBenchmarkResults()) {
                for (IterationResult result : fork.getIterationResults()) {
                    scores.computeIfAbsent(name, key -> new ArrayList<>())
                            .add(result.getPrimaryResult().getScore());
                }
            }
        }
    }

    private static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}

package dev.psx.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What children cost while they are alive: threads and resident memory of the JVM that has started them. */
public final class ChildrenAlive {

    private ChildrenAlive() {}

    /**
     * Prints the table.
     *
     * @param arguments how many children, and JDKs; what is missing is 10,000, and this JDK
     */
    public static void main(String[] arguments) throws IOException {
        int children = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        List<String> jdks = arguments.length > 1
                ? List.of(arguments).subList(1, arguments.length)
                : List.of(System.getProperty("java.home"));
        System.out.println(Machine.heading());
        System.out.println();
        System.out.println(
                "| JDK | children alive | by | threads | memory [kB] | memory per child [kB] | the threads |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (String jdk : jdks) {
            for (String api : new String[] {"launcher", "builder"}) {
                measure(jdk, api, children, "");
                measure(jdk, api, children, SpawnTimes.AGENT);
            }
        }
    }

    /** The JVM's own threads are there from the beginning, instead of when there is work for them. */
    private static void measure(String jdk, String api, int children, String agent) throws IOException {
        List<String> more =
                new ArrayList<>(List.of("-XX:-UseDynamicNumberOfCompilerThreads", "-XX:-UseDynamicNumberOfGCThreads"));
        if (!agent.isEmpty()) {
            more.add(agent);
        }
        try (SpawnContestant jvm = new SpawnContestant(SpawnTimes.java(jdk, 256, more.toArray(new String[0])))) {
            jvm.ready();
            String row = jvm.ask("alive " + api + " " + children);
            String how = api + (agent.isEmpty() ? "" : ", with agent");
            System.out.println("| " + Machine.version(jdk) + " | " + children + " | " + how + " |" + row + " |");
        }
    }

    /** In the JVM that is measured. Before the first child nothing of the launcher has been used. */
    static String count(Callable<Process> starter, int children) throws Exception {
        System.gc();
        List<String> threads = threads();
        long memory = memory();
        List<Process> all = new ArrayList<>(children);
        try {
            for (int i = 0; i < children; i++) {
                all.add(starter.call());
            }
            System.gc();
            List<String> more = threads();
            long grown = memory() - memory;
            threads.forEach(more::remove);
            return String.format(" %d | %d | %.2f | %s", more.size(), grown, (double) grown / children, summary(more));
        } finally {
            all.forEach(Process::destroyForcibly);
            for (Process each : all) {
                each.waitFor();
            }
        }
    }

    private static String summary(List<String> names) {
        TreeMap<String, Long> counts =
                names.stream().collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .map(each -> each.getValue() + " " + each.getKey())
                .collect(Collectors.joining(", "));
    }

    /** The native names, without the numbers at their ends. */
    private static List<String> threads() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            List<String> names = new ArrayList<>();
            for (Path task : tasks.toList()) {
                try {
                    names.add(Files.readString(task.resolve("comm")).replaceAll("[ #]*\\d*\\s*$", ""));
                } catch (NoSuchFileException e) {
                    continue; // it has ended
                }
            }
            return names;
        }
    }

    private static long memory() throws IOException {
        Matcher resident =
                Pattern.compile("VmRSS:\\s*(\\d+) kB").matcher(Files.readString(Path.of("/proc/self/status")));
        if (!resident.find()) {
            throw new IOException("no VmRSS");
        }
        return Long.parseLong(resident.group(1));
    }
}

package dev.psx.examples.benchmarks;

import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The arguments of {@link SpawnTimes}: {@code --NAME VALUE}, and JDKs. */
final class SpawnOptions {

    private static final Set<String> CONTESTANTS = Set.of("JVM", "C", "agent", "Go", "VFORK", "FORK");
    private static final Set<String> STREAMS = Set.of("inherit", "pipes");

    int restarts = 1;
    int rounds = 8;
    int milliseconds = 100;
    int warmUpMilliseconds = 1500;
    List<Integer> memory = List.of(64, 4096);
    List<Integer> threads = List.of(1, 4, 16);
    List<String> streams = List.of("inherit", "pipes");
    Set<String> contestants = CONTESTANTS;
    List<String> jdks = new ArrayList<>();

    private SpawnOptions() {}

    /** @throws IllegalArgumentException which says what is wrong */
    static SpawnOptions parse(List<String> arguments) {
        SpawnOptions options = new SpawnOptions();
        int at = 0;
        while (at < arguments.size() && arguments.get(at).startsWith("--")) {
            String value = at + 1 < arguments.size() ? arguments.get(at + 1) : "";
            options.set(arguments.get(at), value);
            at += 2;
        }
        options.jdks.addAll(arguments.subList(Math.min(at, arguments.size()), arguments.size()));
        if (options.jdks.isEmpty()) {
            options.jdks.add(System.getProperty("java.home"));
        }
        for (String jdk : options.jdks) {
            if (!new File(jdk, "bin/java").canExecute() || !new File(jdk, "release").exists()) {
                throw new IllegalArgumentException("no JDK: " + jdk);
            }
        }
        return options;
    }

    private void set(String name, String value) {
        switch (name) {
            case "--restarts" -> restarts = number(name, value);
            case "--rounds" -> rounds = number(name, value);
            case "--milliseconds" -> milliseconds = number(name, value);
            case "--warm-up" -> warmUpMilliseconds = number(name, value);
            case "--memory" -> memory = numbers(name, value);
            case "--threads" -> threads = numbers(name, value);
            case "--streams" -> streams = words(name, value, STREAMS);
            case "--contestants" -> contestants = Set.copyOf(words(name, value, CONTESTANTS));
            default -> throw new IllegalArgumentException("no such option: " + name);
        }
    }

    private static int number(String name, String value) {
        if (!value.matches("[1-9]\\d{0,4}")) {
            throw new IllegalArgumentException(name + " takes a number from 1 to 99999, not \"" + value + "\"");
        }
        return Integer.parseInt(value);
    }

    private static List<Integer> numbers(String name, String list) {
        return Stream.of(list.split(",")).map(word -> number(name, word)).collect(Collectors.toList());
    }

    private static List<String> words(String name, String list, Set<String> possible) {
        List<String> words = Arrays.asList(list.split(","));
        if (!possible.containsAll(words)) {
            throw new IllegalArgumentException(name + " takes some of " + possible + ", not \"" + list + "\"");
        }
        return words;
    }
}

package dev.psx.examples.benchmarks;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** What {@link SpawnTimes} has measured: medians, 99th percentiles, and ratios of medians that belong to the same moments. */
final class SpawnTable {

    static final String HEADING =
            "| JDK | MB/threads | streams | launcher | posix_spawn in C | by JNA | Go | POSIX_SPAWN | VFORK | FORK | with agent |"
                    + " launcher/C | launcher/JNA | launcher/POSIX_SPAWN | launcher/VFORK | launcher/FORK | agent/without |\n"
                    + "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|";

    private static final long[] NONE = {};

    private final Map<List<Object>, long[]> samples = new HashMap<>();

    /** By what a contestant starts children: each JVM by both, so that they can be compared within it. */
    static List<String> apis(String contestant) {
        return switch (contestant) {
            case "C" -> List.of("posix_spawn");
            case "Go" -> List.of("exec");
            case "agent" -> List.of("builder");
            case "JVM" -> List.of("launcher", "builder", "bare");
            default -> List.of("launcher", "builder");
        };
    }

    void add(String contestant, String api, int threads, String streams, LongStream nanoseconds) {
        samples.merge(
                List.of(contestant, api, threads, streams),
                nanoseconds.toArray(),
                (old, more) -> LongStream.concat(Arrays.stream(old), Arrays.stream(more))
                        .toArray());
    }

    String row(String jdk, int megabytes, int threads, String streams) {
        Row row = new Row(threads, streams);
        long[] launcher = row.of("JVM", "launcher");
        long[] builder = row.of("JVM", "builder");
        StringBuilder line = new StringBuilder("| " + jdk + " | " + megabytes + "/" + threads + " | " + streams + " |");
        for (long[] each : new long[][] {
            launcher,
            row.of("C", "posix_spawn"),
            row.of("JVM", "bare"),
            row.of("Go", "exec"),
            builder,
            row.of("VFORK", "builder"),
            row.of("FORK", "builder"),
            row.of("agent", "builder")
        }) {
            line.append(' ').append(figure(each)).append(" |");
        }
        return line.append(ratio(launcher, row.of("C", "posix_spawn")))
                .append(ratio(launcher, row.of("JVM", "bare")))
                .append(ratio(launcher, builder))
                .append(ratio(row.of("VFORK", "launcher"), row.of("VFORK", "builder")))
                .append(ratio(row.of("FORK", "launcher"), row.of("FORK", "builder")))
                .append(ratio(row.of("agent", "builder"), builder))
                .toString();
    }

    private static String figure(long[] sorted) {
        return sorted.length == 0
                ? "-"
                : String.format("%.0f (%.0f)", percentile(sorted, 50) / 1000, percentile(sorted, 99) / 1000);
    }

    private static String ratio(long[] one, long[] other) {
        return one.length == 0 || other.length == 0
                ? " - |"
                : String.format(" %.3f |", percentile(one, 50) / percentile(other, 50));
    }

    private static double percentile(long[] sorted, int percent) {
        return sorted[(int) ((sorted.length - 1L) * percent / 100)];
    }

    /** The samples for one row. */
    private final class Row {

        private final int threads;
        private final String streams;

        Row(int threads, String streams) {
            this.threads = threads;
            this.streams = streams;
        }

        long[] of(String contestant, String api) {
            long[] sorted = samples.getOrDefault(List.of(contestant, api, threads, streams), NONE)
                    .clone();
            Arrays.sort(sorted);
            return sorted;
        }
    }
}

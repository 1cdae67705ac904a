package dev.psx.agent.apps;

import java.util.Map;
import java.util.TreeMap;

/** What was measured of one form of broadcasts. Times are counted in classes that are at most 3 % wide. Any thread may use it. */
final class Figures {

    private static final int PRECISION = 5;

    private final Map<Long, Long> micros = new TreeMap<>();
    private final Map<Long, Long> tasks = new TreeMap<>();
    private final Map<Long, Long> attempts = new TreeMap<>();
    private long broadcasts;
    private long longest;

    /** {@code answer} is null where the API does not tell. */
    synchronized void add(long nanos, Answer answer) {
        long took = nanos / 1000;
        broadcasts++;
        longest = Math.max(longest, took);
        int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(Math.max(1, took)) - PRECISION);
        micros.merge(took >> shift << shift, 1L, Long::sum);
        if (answer != null) {
            tasks.merge(answer.tasks(), 1L, Long::sum);
            attempts.merge(answer.attempts(), 1L, Long::sum);
        }
    }

    synchronized long broadcasts() {
        return broadcasts;
    }

    /** One line for people, and one line for each distribution, which long.sh adds up. Misses would have ended the process. */
    synchronized void print(String form) {
        System.out.printf(
                "form %s: %d broadcasts, 0 misses, median %d us, 99 %% %d us, max %d us, more than one attempt: %d%n",
                form, broadcasts, quantile(0.5), quantile(0.99), longest, severalAttempts());
        System.out.println("max " + form + " " + longest + ":1");
        printAll("micros", form, micros);
        printAll("tasks", form, tasks);
        printAll("attempts", form, attempts);
    }

    private long quantile(double part) {
        long left = (long) Math.ceil(part * broadcasts);
        for (Map.Entry<Long, Long> each : micros.entrySet()) {
            left -= each.getValue();
            if (left <= 0) {
                return each.getKey();
            }
        }
        return longest;
    }

    private long severalAttempts() {
        return attempts.entrySet().stream()
                .filter(each -> each.getKey() > 1)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static void printAll(String what, String form, Map<Long, Long> counts) {
        StringBuilder line = new StringBuilder(what).append(' ').append(form);
        counts.forEach(
                (value, count) -> line.append(' ').append(value).append(':').append(count));
        System.out.println(line);
    }
}

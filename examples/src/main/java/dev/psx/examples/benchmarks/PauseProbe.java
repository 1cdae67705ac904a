package dev.psx.examples.benchmarks;

import dev.psx.Psx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * How long an application stands still in a broadcast, seen from inside: a thread reads the clock in a loop and notes the longest
 * gap between two readings within each period of 20 ms. In each period there is one broadcast, or nothing, or a thread that
 * allocates, for which G1 stops the JVM. Run it with {@code -XX:+UseG1GC -Xmx512m -Xmn16m}.
 *
 * <p>The probe and the thread that acts have a high priority (nice -20, as root): it is to be seen how long a thread is held, not how
 * long it waits for a processor while 32 others are busy.
 */
public final class PauseProbe {

    private static final int TASKS = 200;
    private static final int BUSY = 32;
    private static final long PERIOD = 20_000_000;
    private static final long FEWEST = 5;
    private static final long NOTED = 50_000;
    private static final long UNCHANGED = -1;
    private static final long SETRESUID = System.getProperty("os.arch").equals("aarch64") ? 147 : 117;

    private static volatile boolean over;
    private static volatile long sink;

    private PauseProbe() {}

    /**
     * Prints the table.
     *
     * @param arguments seconds for each row; 10 if empty, 0 for the shortest run
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        long seconds = arguments.length == 0 ? 10 : Long.parseLong(arguments[0]);
        int periods = (int) Math.max(FEWEST, seconds * 1_000_000_000 / PERIOD);
        System.out.println(Machine.heading() + " Java " + System.getProperty("java.version") + ", " + TASKS
                + " threads beside the JVM's own.");
        System.out.println();
        System.out.println(
                "| every 20 ms | busy threads | median [us] | 99 % [us] | longest [us] | gaps > 50 us per second |");
        System.out.println("|---|---|---|---|---|---|");
        Psx.allThreadsSyscall(SETRESUID, UNCHANGED, UNCHANGED, UNCHANGED);
        for (int busy : new int[] {0, BUSY}) {
            row("nothing", busy, periods, () -> {});
            row("a broadcast", busy, periods, PauseProbe::broadcast);
        }
        try (Garbage garbage = new Garbage()) {
            row("what G1 collects once, young", 0, periods, garbage::one);
            row("what G1 collects once, young", BUSY, periods, garbage::one);
            long[] pauses = garbage.pauses();
            System.out.printf(
                    "| (the JVM's own account of %d pauses) | both | %s | |%n", pauses.length, Gaps.summary(pauses));
        }
    }

    private static void broadcast() {
        Psx.allThreadsSyscall(SETRESUID, UNCHANGED, UNCHANGED, UNCHANGED);
    }

    private static void row(String name, int busy, int periods, Runnable action) throws InterruptedException {
        over = false;
        List<Thread> threads = crowd(busy);
        Gaps gaps = new Gaps(periods);
        threads.add(start(gaps));
        gaps.ready.await();
        Thread actor = start(() -> repeat(action, gaps));
        actor.join();
        over = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
            thread.join();
        }
        System.out.printf(
                "| %s | %d | %s | %.1f |%n",
                name, busy, Gaps.summary(gaps.longest), gaps.noted / (periods * PERIOD / 1e9));
    }

    private static void repeat(Runnable action, Gaps gaps) {
        raisePriority();
        long next = System.nanoTime();
        while (!gaps.full()) {
            action.run();
            next += PERIOD;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    private static List<Thread> crowd(int busy) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < TASKS - 1; i++) {
            boolean spins = i < busy;
            threads.add(start(() -> work(spins)));
        }
        return threads;
    }

    private static Thread start(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void work(boolean spins) {
        while (!over) {
            if (spins) {
                sink++;
            } else {
                LockSupport.park();
            }
        }
    }

    /** Of the calling thread; its children would inherit it. Without root nothing changes. */
    private static void raisePriority() {
        try {
            String tid = Path.of("/proc/thread-self").toRealPath().getFileName().toString();
            new ProcessBuilder("renice", "-n", "-20", "-p", tid)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of the probe's thread; others look when it has ended. */
    static final class Gaps implements Runnable {

        final CountDownLatch ready = new CountDownLatch(1);
        final long[] longest;
        int noted;
        private volatile int period;

        Gaps(int periods) {
            longest = new long[periods];
        }

        boolean full() {
            return period == longest.length;
        }

        @Override
        public void run() {
            raisePriority();
            ready.countDown();
            for (int i = 0; i < longest.length; i++) {
                longest[i] = longestGap();
                period = i + 1;
            }
        }

        private long longestGap() {
            long begin = System.nanoTime(), last = begin, max = 0;
            while (last - begin < PERIOD) {
                long now = System.nanoTime(), gap = now - last;
                last = now;
                max = Math.max(max, gap);
                if (gap > NOTED) {
                    noted++;
                }
            }
            return max;
        }

        /** Median, 99th percentile and maximum, in microseconds. */
        static String summary(long[] nanos) {
            long[] sorted = nanos.clone();
            Arrays.sort(sorted);
            int last = sorted.length - 1;
            if (last < 0) {
                return "- | - | -";
            }
            return String.format(
                    "%.0f | %.0f | %.0f", sorted[last / 2] / 1e3, sorted[last * 99 / 100] / 1e3, sorted[last] / 1e3);
        }
    }
}

package dev.psx.examples;

import dev.psx.Psx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a broadcast takes from Java: the median and the 99th percentile, in microseconds, of {@code setresuid(-1, -1, -1)} on
 * 10, 100 and 1000 threads, idle and with 16 of them busy. A measurement, not a test: machines are noisy.
 */
public final class BroadcastTimes {

    private static final int[] THREADS = {10, 100, 1000};
    private static final int BUSY = 16;
    private static final int WARM_UP = 50;
    private static final int ROUNDS = 300;
    private static final int FEWEST = 3;

    private static final long UNCHANGED = -1;

    private static volatile boolean over;
    private static volatile long sink;

    private BroadcastTimes() {}

    /**
     * Prints the table; or, with four arguments, a line of nanoseconds for each round of one row, which native/bench/run.sh puts
     * beside those of others.
     *
     * @param arguments how many rounds are measured in each row, 300 if empty; or the row: threads, this one included, how many
     *     of them are busy, most rounds, and milliseconds after which no other round begins
     */
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length == 4) {
            int[] row = Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
            List<Thread> threads = start(row[0] - 1, row[1]);
            for (long took : times(row[2], row[3])) {
                System.out.println(took);
            }
            end(threads);
            return;
        }
        int rounds = arguments.length == 0 ? ROUNDS : Integer.parseInt(arguments[0]);
        System.out.printf("%8s %6s %12s %12s%n", "threads", "busy", "median [us]", "99 % [us]");
        for (int threads : THREADS) {
            measure(threads, 0, rounds);
            measure(threads, Math.min(BUSY, threads), rounds);
        }
    }

    private static void measure(int count, int busy, int rounds) throws InterruptedException {
        List<Thread> threads = start(count, busy);
        long[] took = times(rounds, Integer.MAX_VALUE);
        Arrays.sort(took);
        System.out.printf(
                "%8d %6d %12.0f %12.0f%n", count, busy, took[rounds / 2] / 1e3, took[rounds * 99 / 100] / 1e3);
        end(threads);
    }

    private static List<Thread> start(int count, int busy) throws InterruptedException {
        over = false;
        List<Thread> threads = new ArrayList<>();
        CountDownLatch started = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            boolean spins = i < busy;
            Thread thread = new Thread(() -> {
                started.countDown();
                work(spins);
            });
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        started.await();
        return threads;
    }

    private static void end(List<Thread> threads) throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
            thread.join();
        }
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

    /** The times of all rounds. Between two rounds the threads go on with what they do. */
    private static long[] times(int rounds, int milliseconds) {
        series(WARM_UP, milliseconds);
        return series(rounds, milliseconds);
    }

    private static long[] series(int rounds, int milliseconds) {
        long setresuid = System.getProperty("os.arch").equals("aarch64") ? 147 : 117;
        long[] took = new long[rounds];
        long end = System.nanoTime() + milliseconds * 1_000_000L;
        int round = 0;
        while (round < rounds && (round < FEWEST || System.nanoTime() < end)) {
            long start = System.nanoTime();
            Psx.allThreadsSyscall(setresuid, UNCHANGED, UNCHANGED, UNCHANGED);
            took[round++] = System.nanoTime() - start;
            LockSupport.parkNanos(2_000_000);
        }
        return Arrays.copyOf(took, round);
    }
}

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

    private static final long UNCHANGED = -1;

    private static volatile boolean over;
    private static volatile long sink;

    private BroadcastTimes() {}

    /**
     * Prints the table.
     *
     * @param arguments how many rounds are measured in each row; 300 if empty
     */
    public static void main(String[] arguments) throws InterruptedException {
        int rounds = arguments.length == 0 ? ROUNDS : Integer.parseInt(arguments[0]);
        System.out.printf("%8s %6s %12s %12s%n", "threads", "busy", "median [us]", "99 % [us]");
        for (int threads : THREADS) {
            measure(threads, 0, rounds);
            measure(threads, Math.min(BUSY, threads), rounds);
        }
    }

    private static void measure(int count, int busy, int rounds) throws InterruptedException {
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
        double[] took = times(rounds);
        System.out.printf("%8d %6d %12.0f %12.0f%n", count, busy, took[rounds / 2], took[rounds * 99 / 100]);
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

    /** The times of all rounds, sorted. Between two rounds the threads go on with what they do. */
    private static double[] times(int rounds) {
        long setresuid = System.getProperty("os.arch").equals("aarch64") ? 147 : 117;
        double[] took = new double[rounds];
        for (int i = -WARM_UP; i < rounds; i++) {
            long start = System.nanoTime();
            Psx.allThreadsSyscall(setresuid, UNCHANGED, UNCHANGED, UNCHANGED);
            if (i >= 0) {
                took[i] = (System.nanoTime() - start) / 1e3;
            }
            LockSupport.parkNanos(2_000_000);
        }
        Arrays.sort(took);
        return took;
    }
}

package dev.psx.agent.apps;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Threads that sleep, compute and allocate until the JVM ends, and notice when something of theirs has changed. */
final class Load {

    private static final long LOWEST_SEED = 17;
    private static final int KEPT = 256;
    private static final int CELLS = 4096;
    private static final long NAP_MILLIS = 20;

    /** Read by debuggers. */
    static final AtomicLong TURNS = new AtomicLong();

    private Load() {}

    /** Returns when all run: sleepers (each fourth naps only), native sleepers, and two of each busy sort. */
    static void start(int sleepers, int nativeSleepers) throws InterruptedException {
        CountDownLatch started = new CountDownLatch(sleepers + 4);
        for (int i = 0; i < sleepers; i++) {
            begin("load-sleeper-" + i, started, i % 4 == 0 ? Load::nap : Load::sleep);
        }
        for (int i = 0; i < 2; i++) {
            begin("load-computer-" + i, started, Load::compute);
            begin("load-allocator-" + i, started, Load::allocate);
        }
        started.await();
        Fixture.startNative(nativeSleepers, 0);
    }

    static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    private static void begin(String name, CountDownLatch started, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    started.countDown();
                    endOnFailure(work);
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    /** A thread that has found a fault must not just disappear from the load. */
    static void endOnFailure(Runnable work) {
        try {
            work.run();
        } catch (Throwable e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(3);
        }
    }

    private static void sleep() {
        while (true) {
            LockSupport.park();
        }
    }

    /** The kernel does not restart a sleep that a signal has interrupted: the JVM has to. */
    private static void nap() {
        while (true) {
            long begun = System.nanoTime();
            try {
                Thread.sleep(NAP_MILLIS);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody has interrupted it", e);
            }
            if (System.nanoTime() - begun < (NAP_MILLIS - 1) * 1_000_000) {
                throw new IllegalStateException("woke after " + (System.nanoTime() - begun) + " ns");
            }
        }
    }

    /** The method that profilers are to find. */
    private static void compute() {
        long expected = turn(LOWEST_SEED);
        while (true) {
            if (turn(LOWEST_SEED) != expected) {
                throw new IllegalStateException("the same computation gave another result");
            }
            TURNS.incrementAndGet();
        }
    }

    private static long turn(long seed) {
        long value = seed;
        double sum = 0;
        for (int i = 0; i < 100_000; i++) {
            value = value * 6364136223846793005L + 1442695040888963407L;
            sum += Math.sqrt(value >>> 40);
        }
        return value ^ Double.doubleToRawLongBits(sum);
    }

    /** Keeps some megabytes alive and checks each array when its time has come. */
    private static void allocate() {
        int[][] kept = new int[KEPT][];
        for (int turn = 0; ; turn++) {
            int[] old = kept[turn % KEPT];
            if (old != null) {
                check(old, turn - KEPT);
            }
            int[] fresh = new int[CELLS];
            for (int i = 0; i < CELLS; i++) {
                fresh[i] = turn + i;
            }
            kept[turn % KEPT] = fresh;
        }
    }

    private static void check(int[] array, int turn) {
        for (int i = 0; i < CELLS; i++) {
            if (array[i] != turn + i) {
                throw new IllegalStateException("cell " + i + " of turn " + turn + " holds " + array[i]);
            }
        }
    }
}

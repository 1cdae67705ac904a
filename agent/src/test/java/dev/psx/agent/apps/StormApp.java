package dev.psx.agent.apps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A storm of new threads. Mode {@code platform}: Java threads are created, and end, by the thousands a second. Mode
 * {@code virtual}: virtual threads that block in file calls, so that their scheduler adds carriers.
 */
public final class StormApp {

    private static final int STARTERS = 4;
    private static final int BATCH = 8;

    /** Births that each broadcast waits for, so that the storm goes on between broadcasts however fast these are. */
    private static final int BIRTHS = 30;

    private static final long WINDOW_NANOS = 100_000_000;

    private static final AtomicLong BORN = new AtomicLong();

    private static volatile boolean blowing = true;

    private StormApp() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[1]);
        boolean virtual = arguments[0].equals("virtual");
        Crowd.start(4, 5, 1);
        for (int i = 0; i < STARTERS; i++) {
            Thread starter = new Thread(virtual ? StormApp::blowVirtual : StormApp::blow, "starter-" + i);
            starter.setDaemon(true);
            starter.start();
        }
        Rounds broadcasts = new Rounds();
        Rate rate = new Rate();
        int most = 0;
        for (int round = 0; round < rounds; round += 2) {
            broadcasts.run(2);
            rate.awaitBirths(2 * BIRTHS);
            if (round % 50 == 0) {
                most = Math.max(most, tasks());
            }
        }
        System.out.printf("born %d mean %d/s best %d/s most %d tasks%n", BORN.get(), rate.mean(), rate.best(), most);
        Rounds.mark("while the storm blows");
        blowing = false;
        System.in.readAllBytes();
    }

    /** The number of births a second, over all the time and in the best tenth of a second. */
    private static final class Rate {

        private final long begin = System.nanoTime();
        private final long bornBefore = BORN.get();
        private long windowBegin = begin;
        private long windowBorn = bornBefore;
        private long best;

        void awaitBirths(int count) {
            long wanted = BORN.get() + count;
            while (BORN.get() < wanted) {
                Thread.onSpinWait();
            }
            long passed = System.nanoTime() - windowBegin;
            if (passed >= WINDOW_NANOS) {
                best = Math.max(best, perSecond(BORN.get() - windowBorn, passed));
                windowBegin = System.nanoTime();
                windowBorn = BORN.get();
            }
        }

        long mean() {
            return perSecond(BORN.get() - bornBefore, System.nanoTime() - begin);
        }

        long best() {
            return best;
        }

        private static long perSecond(long births, long nanos) {
            return births * 1_000_000_000 / nanos;
        }
    }

    private static void blow() {
        Thread[] batch = new Thread[BATCH];
        while (blowing) {
            for (int i = 0; i < batch.length; i++) {
                batch[i] = new Thread(null, BORN::incrementAndGet, "storm", 64 * 1024, false);
                batch[i].start();
            }
            for (Thread thread : batch) {
                join(thread);
            }
        }
    }

    private static void blowVirtual() {
        Thread[] batch = new Thread[BATCH * 4];
        try {
            while (blowing) {
                for (int i = 0; i < batch.length; i++) {
                    batch[i] = CallersApp.startVirtual(StormApp::readFile);
                }
                for (Thread thread : batch) {
                    join(thread);
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void readFile() {
        try {
            Files.readString(
                    Path.of("/proc/self/task/" + ProcessHandle.current().pid() + "/stat"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        BORN.incrementAndGet();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int tasks() throws IOException {
        try (var list = Files.list(Path.of("/proc/self/task"))) {
            return (int) list.count();
        }
    }
}

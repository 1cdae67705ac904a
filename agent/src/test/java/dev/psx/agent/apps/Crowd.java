package dev.psx.agent.apps;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** Tasks of every sort that stay until the JVM ends. */
final class Crowd {

    private static final long YIELDS_AFTER = 1 << 20;

    private Crowd() {}

    /** Returns when all run. Every second Java thread and every fifth native thread is busy. */
    static void start(int javaThreads, int nativeThreads, int rawTasks) throws InterruptedException {
        CountDownLatch started = new CountDownLatch(javaThreads);
        for (int i = 0; i < javaThreads; i++) {
            boolean busy = i % 2 == 1;
            Thread thread = new Thread(() -> stay(started, busy), (busy ? "crowd-busy-" : "crowd-idle-") + i);
            thread.setDaemon(true);
            thread.start();
        }
        started.await();
        if (nativeThreads > 0) {
            startNative(nativeThreads);
        }
        if (rawTasks > 0) {
            check(Fixture.startRaw(rawTasks, false));
        }
    }

    private static void startNative(int count) {
        int quarter = count / 5;
        check(Fixture.startNative(quarter, Fixture.BUSY));
        check(Fixture.startNative(quarter, Fixture.AFFINITY));
        check(Fixture.startNative(quarter, Fixture.DETACHED));
        check(Fixture.startNative(count - 3 * quarter, Fixture.ATTACHED));
    }

    private static void check(int result) {
        if (result < 0) {
            throw new IllegalStateException("errno " + -result);
        }
    }

    private static void stay(CountDownLatch started, boolean busy) {
        started.countDown();
        for (long turn = 1; ; turn++) {
            if (!busy) {
                LockSupport.park();
            } else if (turn % YIELDS_AFTER == 0) {
                // A hundred spinning threads on four processors must leave the tested one a turn.
                LockSupport.parkNanos(1_000_000);
            }
        }
    }
}

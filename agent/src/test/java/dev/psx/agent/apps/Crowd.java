package dev.psx.agent.apps;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** Tasks of every sort that stay until the JVM ends. */
final class Crowd {

    private static final long SETPRIORITY = System.getProperty("os.arch").equals("aarch64") ? 140 : 141;
    private static final int LOWEST = 19;

    private Crowd() {}

    /** Returns when all run. Every second Java thread and every tenth native thread is busy. */
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
        int quarter = count / 4;
        check(Fixture.startNative(count / 10, Fixture.BUSY));
        check(Fixture.startNative(quarter, Fixture.AFFINITY));
        check(Fixture.startNative(quarter, Fixture.DETACHED));
        check(Fixture.startNative(count - count / 10 - 2 * quarter, Fixture.ATTACHED));
    }

    private static void check(int result) {
        if (result < 0) {
            throw new IllegalStateException("errno " + -result);
        }
    }

    private static void stay(CountDownLatch started, boolean busy) {
        if (busy) {
            // Always running or waiting for a processor; but a hundred of them must leave the test itself some of it.
            check((int) Fixture.syscall(SETPRIORITY, 0, 0, LOWEST));
        }
        started.countDown();
        while (true) {
            if (busy) {
                Thread.onSpinWait();
            } else {
                LockSupport.park();
            }
        }
    }
}

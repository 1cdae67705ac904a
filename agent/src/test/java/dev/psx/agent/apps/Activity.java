package dev.psx.agent.apps;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Threads that do one kind of work over and over, at a pace that can be changed. */
final class Activity {

    static final int OFF = -1;

    private static final long LOOK_AGAIN_NANOS = 20_000_000;

    /** One piece of work. */
    interface Work {

        void run() throws Exception;
    }

    private final String name;
    private final int leastPause;
    private final Work work;
    private final AtomicLong done = new AtomicLong();
    private volatile int pauseMicros = OFF;

    /** {@code leastPause} in microseconds, for work that would leave nothing for the rest of the machine. */
    Activity(String name, int leastPause, Work work) {
        this.name = name;
        this.leastPause = leastPause;
        this.work = work;
    }

    void start(int threads) {
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(this::loop, name + "-" + i);
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Sets the pause after each piece of work in microseconds, or OFF. */
    void pace(int micros) {
        pauseMicros = micros == OFF ? OFF : Math.max(micros, leastPause);
    }

    @Override
    public String toString() {
        return name + " " + done;
    }

    private void loop() {
        try {
            while (true) {
                int pause = pauseMicros;
                if (pause == OFF) {
                    LockSupport.parkNanos(LOOK_AGAIN_NANOS);
                    continue;
                }
                work.run();
                done.incrementAndGet();
                LockSupport.parkNanos(pause * 1000L);
            }
        } catch (Throwable e) {
            LongApp.fail(name, e);
        }
    }
}

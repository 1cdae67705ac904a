package dev.psx.agent.apps;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that wait in every way that Java has, beside broadcasts: nobody may notice. What waits for an event is still waiting
 * after all broadcasts and then gets its event; what waits for a time does so again and again and is never early. The argument
 * after the number of broadcasts is a file on which another process holds a lock.
 */
public final class BlockingApp {

    private static final List<Waiter> WAITERS = new ArrayList<>();
    private static final AtomicInteger EARLY = new AtomicInteger();
    private static final AtomicInteger TIMED = new AtomicInteger();

    private static volatile boolean over;

    private BlockingApp() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[0]);
        EventWaits events = new EventWaits(arguments[1]);
        events.start();
        TimedWaits.start();
        Rounds broadcasts = new Rounds();
        int interrupted = 0;
        RawSleeper raw = new RawSleeper();
        raw.start();
        WAITERS.forEach(Waiter::awaitRunning);
        broadcasts.run(rounds);
        over = true;
        raw.join();
        interrupted = raw.interrupted;
        long awake = WAITERS.stream()
                .filter(waiter -> waiter.forEvent && !waiter.isAlive())
                .count();
        System.out.println("awake " + awake + " of "
                + WAITERS.stream().filter(waiter -> waiter.forEvent).count());
        Rounds.mark("interrupted raw sleeps " + interrupted);
        System.in.read(); // the other process gives its lock back
        events.release();
        StringBuilder failures = new StringBuilder();
        for (Waiter waiter : WAITERS) {
            waiter.join(30_000);
            if (waiter.isAlive() || waiter.failure != null) {
                failures.append(' ').append(waiter.getName()).append(": ").append(waiter.failure);
            }
        }
        System.out.println("timed " + TIMED.get() + " early " + EARLY.get() + " failures" + failures);
    }

    /** Starts a thread that waits for an event; it must return true when it has got it. */
    static void forEvent(String name, Callable<Boolean> wait) {
        add(new Waiter(name, true, () -> {
            if (!wait.call()) {
                throw new IllegalStateException("woke up without its event");
            }
        }));
    }

    /** Starts a thread that waits for so many milliseconds again and again; a wait that is over earlier counts. */
    static void forTime(String name, long millis, TimedWait wait) {
        add(new Waiter(name, false, () -> {
            while (!over) {
                long begin = System.nanoTime();
                wait.await(millis);
                if (System.nanoTime() - begin < millis * 1_000_000) {
                    EARLY.incrementAndGet();
                    System.out.println("early " + name + " " + (System.nanoTime() - begin));
                }
                TIMED.incrementAndGet();
            }
        }));
    }

    private static void add(Waiter waiter) {
        WAITERS.add(waiter);
        waiter.setDaemon(true);
        waiter.start();
    }

    /** Something that may fail. */
    interface Work {
        void run() throws Exception;
    }

    /** One way to wait. */
    interface TimedWait {
        void await(long millis) throws Exception;
    }

    private static final class Waiter extends Thread {

        private final boolean forEvent;
        private final Work work;
        private volatile Throwable failure;

        Waiter(String name, boolean forEvent, Work work) {
            super(name);
            this.forEvent = forEvent;
            this.work = work;
        }

        @Override
        public void run() {
            try {
                work.run();
            } catch (Throwable e) {
                failure = e;
            }
        }

        void awaitRunning() {
            while (getState() == State.NEW) {
                Thread.onSpinWait();
            }
        }
    }

    /** The control: the kernel's own sleep does end when a signal comes. */
    private static final class RawSleeper extends Thread {

        private int interrupted;

        @Override
        public void run() {
            while (!over) {
                interrupted += Deviants.rawSleep(50) < 0 ? 1 : 0;
            }
        }
    }
}

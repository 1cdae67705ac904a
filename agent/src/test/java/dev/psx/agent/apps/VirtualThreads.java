package dev.psx.agent.apps;

import java.lang.reflect.Method;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Virtual threads, by reflection: the tests are compiled for a Java that has none. */
final class VirtualThreads {

    private static final int LONGEST_MILLIS = 50;

    private VirtualThreads() {}

    /** Lets so many threads sleep and wake so many times each, and returns how many times they woke altogether. */
    static String run(int threads, int times) throws Exception {
        Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
        CountDownLatch ended = new CountDownLatch(threads);
        AtomicLong woken = new AtomicLong();
        for (int i = 0; i < threads; i++) {
            Runnable body = () -> {
                for (int time = 0; time < times; time++) {
                    sleep();
                    woken.incrementAndGet();
                }
                ended.countDown();
            };
            start.invoke(null, body);
        }
        ended.await();
        return "woken " + woken.get();
    }

    private static void sleep() {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(1, LONGEST_MILLIS));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody has interrupted it", e);
        }
    }
}

package dev.psx.agent.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatcherTest {

    private static final long SOON = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long NEVER = TimeUnit.DAYS.toNanos(1);

    private final CountDownLatch polls = new CountDownLatch(3);
    private final AtomicInteger deadlines = new AtomicInteger();
    private final BlockingQueue<String> warnings = new LinkedBlockingQueue<>();
    private volatile boolean dropped;
    private volatile RuntimeException pollFails;
    private volatile RuntimeException deadlineFails;
    private volatile boolean dropsAtDeadline;

    private final Watcher.Subject subject = new Watcher.Subject() {
        @Override
        public boolean dropped() {
            return dropped;
        }

        @Override
        public void poll() {
            polls.countDown();
            if (pollFails != null) {
                throw pollFails;
            }
        }

        @Override
        public void deadlinePassed() {
            deadlines.incrementAndGet();
            dropped = dropsAtDeadline;
            if (deadlineFails != null) {
                throw deadlineFails;
            }
        }

        @Override
        public void stillPrivileged(Throwable problem) {
            warnings.add(String.valueOf(problem));
        }
    };

    @Test
    void oneMayWaitForANewLook() throws InterruptedException {
        Watcher watcher = start(0, NEVER, NEVER);
        while (polls.getCount() == 3) {
            Thread.onSpinWait();
        }
        Thread.currentThread().interrupt();
        watcher.awaitLook();
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
        assertThat(polls.getCount()).as("looks that are still to come").isLessThan(2);
        dropped = true;
        watcher.awaitLook();
        watcher.thread().join();
        watcher.awaitLook();
    }

    @Test
    void itPollsUntilTheDropHasHappened() throws InterruptedException {
        Watcher watcher = start(0, SOON, NEVER);
        polls.await();
        dropped = true;
        watcher.thread().join();
        assertThat(deadlines).hasValue(0);
        assertThat(warnings).isEmpty();
    }

    @Test
    void stopEndsItAtOnce() throws InterruptedException {
        Watcher watcher = start(0, NEVER, NEVER);
        watcher.stop();
        watcher.thread().join();
    }

    @Test
    void theDeadlineIsReportedOnceAndTheWatchGoesOn() throws InterruptedException {
        Watcher watcher = start(SOON, NEVER, 4 * SOON);
        assertThat(warnings.take()).isEqualTo("null");
        assertThat(warnings.take()).isEqualTo("null");
        assertThat(deadlines).hasValue(1);
        watcher.stop();
        watcher.thread().join();
    }

    @Test
    void aDropAtTheDeadlineEndsIt() throws InterruptedException {
        dropsAtDeadline = true;
        start(SOON, NEVER, NEVER).thread().join();
        assertThat(deadlines).hasValue(1);
    }

    @Test
    void aPollThatFailsNeitherEndsItNorHidesTheDeadline() throws InterruptedException {
        pollFails = new IllegalStateException("cannot look");
        Watcher watcher = start(SOON, SOON, 4 * SOON);
        assertThat(warnings.take()).contains("cannot look");
        assertThat(deadlines).hasValue(1);
        watcher.stop();
        watcher.thread().join();
    }

    @Test
    void aDeadlineThatFailsIsInTheNextWarning() throws InterruptedException {
        deadlineFails = new IllegalStateException("cannot halt");
        Watcher watcher = start(SOON, NEVER, SOON);
        assertThat(warnings.take()).contains("cannot halt");
        watcher.stop();
        watcher.thread().join();
    }

    @Test
    void anInterruptDoesNotEndIt() throws InterruptedException {
        Watcher watcher = start(0, SOON, NEVER);
        watcher.thread().interrupt();
        polls.await();
        assertThat(watcher.thread().isAlive()).isTrue();
        dropped = true;
        watcher.thread().join();
    }

    @Test
    void itsThreadKeepsNothingOfTheApplicationAlive() {
        Watcher watcher = start(0, NEVER, NEVER);
        assertThat(watcher.thread().isDaemon()).isTrue();
        assertThat(watcher.thread().getContextClassLoader()).isNull();
        assertThat(watcher.thread().getThreadGroup().getParent()).isNull();
        watcher.stop();
    }

    private Watcher start(long deadline, long poll, long warning) {
        Watcher watcher = new Watcher(subject, deadline, poll, warning);
        watcher.start();
        return watcher;
    }
}

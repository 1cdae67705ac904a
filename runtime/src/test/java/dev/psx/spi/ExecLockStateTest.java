package dev.psx.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExecLockStateTest {

    private static final long LONG = TimeUnit.SECONDS.toNanos(30);
    private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(20);

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(ExecLockState.holders()).isEmpty();
        assertThat(ExecLockState.tryExclusive(0)).isTrue();
        ExecLockState.exitExclusive();
    }

    @Test
    void manyHoldItSharedAtTheSameTime() throws Exception {
        ExecLockState.enterShared();
        inOtherThread("second", () -> {
            ExecLockState.enterShared();
            assertThat(ExecLockState.holders()).contains("second").hasSize(2);
            ExecLockState.exitShared();
        });
        ExecLockState.exitShared();
    }

    @Test
    void aHolderThatHangsIsNamedToTheWriterThatGivesUp() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        FutureTask<?> hung = start("the one that hangs", () -> {
            ExecLockState.enterShared();
            inside.countDown();
            finish.await();
            ExecLockState.exitShared();
        });
        inside.await();
        assertThat(ExecLockState.tryExclusive(SHORT)).isFalse();
        assertThat(ExecLockState.holders()).containsExactly("the one that hangs");
        assertThat(ExecLockState.obstacle())
                .isEqualTo("a thread or a process is being created by threads [the one that hangs]");
        finish.countDown();
        hung.get();
    }

    @Test
    void aReaderWaitsWhileItIsHeldExclusively() throws Exception {
        assertThat(ExecLockState.tryExclusive(0)).isTrue();
        AtomicBoolean released = new AtomicBoolean();
        FutureTask<?> reader = start("reader", () -> {
            ExecLockState.enterShared();
            assertThat(released).isTrue();
            ExecLockState.exitShared();
        });
        assertThatThrownBy(() -> reader.get(20, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        assertThat(ExecLockState.holders())
                .containsExactly(Thread.currentThread().getName());
        released.set(true);
        ExecLockState.exitExclusive();
        reader.get();
    }

    @Test
    void writersExcludeEachOther() throws Exception {
        assertThat(ExecLockState.tryExclusive(0)).isTrue();
        String name = Thread.currentThread().getName();
        inOtherThread("second writer", () -> {
            assertThat(ExecLockState.tryExclusive(SHORT)).isFalse();
            assertThat(ExecLockState.obstacle()).isEqualTo("a broadcast is under way by thread " + name);
        });
        ExecLockState.exitExclusive();
    }

    @Test
    void bothSidesAreReentrant() throws Exception {
        assertThat(ExecLockState.tryExclusive(0)).isTrue();
        assertThat(ExecLockState.tryExclusive(0)).isTrue();
        ExecLockState.enterShared();
        ExecLockState.enterShared();
        ExecLockState.exitShared();
        ExecLockState.exitExclusive();
        inOtherThread("other", () -> assertThat(ExecLockState.tryExclusive(0)).isFalse());
        ExecLockState.exitShared();
        ExecLockState.exitExclusive();
    }

    @Test
    void aReaderPassesAgainWhileAWriterWaits() throws Exception {
        ExecLockState.enterShared();
        FutureTask<?> writer = start("writer", () -> {
            assertThat(ExecLockState.tryExclusive(LONG)).isTrue();
            ExecLockState.exitExclusive();
        });
        // Whether the writer is in the queue yet does not matter to the result, only to what is exercised.
        for (int i = 0; i < 1000; i++) {
            ExecLockState.enterShared();
            Thread.yield();
            ExecLockState.exitShared();
        }
        ExecLockState.exitShared();
        writer.get();
    }

    @Test
    void sharedIsNotRaisedToExclusive() {
        ExecLockState.enterShared();
        assertThatThrownBy(() -> ExecLockState.tryExclusive(LONG))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("holds the exec lock shared");
        ExecLockState.exitShared();
    }

    @Test
    void aStormOfReadersDoesNotStarveTheWriter() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger inside = new AtomicInteger();
        List<FutureTask<?>> storm = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            storm.add(start("storm-" + i, () -> {
                while (!stop.get()) {
                    ExecLockState.enterShared();
                    inside.incrementAndGet();
                    inside.decrementAndGet();
                    ExecLockState.exitShared();
                }
            }));
        }
        for (int i = 0; i < 200; i++) {
            assertThat(ExecLockState.tryExclusive(LONG)).isTrue();
            assertThat(inside).hasValue(0);
            ExecLockState.exitExclusive();
        }
        stop.set(true);
        for (FutureTask<?> reader : storm) {
            reader.get();
        }
    }

    @Test
    void aWriterWithoutABreakStarvesNobody() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger turns = new AtomicInteger();
        FutureTask<?> greedy = start("greedy", () -> {
            while (!stop.get()) {
                assertThat(ExecLockState.tryExclusive(LONG)).isTrue();
                turns.incrementAndGet();
                spin(TimeUnit.MILLISECONDS.toNanos(1));
                ExecLockState.exitExclusive();
            }
        });
        int waited = 0;
        for (int i = 0; i < 100; i++) {
            int inside = awaitTurnAfter(turns.get(), turns);
            assertThat(ExecLockState.tryExclusive(LONG)).isTrue();
            ExecLockState.exitExclusive();
            waited += turns.get() - inside;
            inside = awaitTurnAfter(turns.get(), turns);
            ExecLockState.enterShared();
            ExecLockState.exitShared();
            waited += turns.get() - inside;
        }
        stop.set(true);
        greedy.get();
        assertThat(waited).isLessThan(400);
    }

    private static int awaitTurnAfter(int turn, AtomicInteger turns) {
        while (turns.get() == turn) {
            Thread.onSpinWait();
        }
        return turns.get();
    }

    private static void spin(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    void givingBackWhatTheThreadDoesNotHoldIsAnError() throws Exception {
        ExecLockState.enterShared();
        inOtherThread("stranger", () -> {
            assertThatThrownBy(ExecLockState::exitShared)
                    .isInstanceOf(IllegalMonitorStateException.class)
                    .hasMessageContaining("stranger");
            assertThatThrownBy(ExecLockState::exitExclusive)
                    .isInstanceOf(IllegalMonitorStateException.class)
                    .hasMessageContaining("stranger");
        });
        ExecLockState.exitShared();
        assertThatThrownBy(ExecLockState::exitShared).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void anInterruptNeitherEndsTheWaitNorGetsLost() throws Exception {
        ExecLockState.enterShared();
        inOtherThread("interrupted writer", () -> {
            Thread.currentThread().interrupt();
            assertThat(ExecLockState.tryExclusive(SHORT)).isFalse();
            assertThat(Thread.interrupted()).isTrue();
        });
        inOtherThread("interrupted reader", () -> {
            Thread.currentThread().interrupt();
            ExecLockState.enterShared();
            ExecLockState.exitShared();
            assertThat(Thread.interrupted()).isTrue();
        });
        ExecLockState.exitShared();
    }

    @Test
    void oneHungReaderDoesNotStopTheOthersBehindAWaitingWriter() throws Exception {
        ExecLockState.enterShared();
        FutureTask<?> writer = start("writer", () -> {
            assertThat(ExecLockState.tryExclusive(LONG)).isTrue();
            ExecLockState.exitExclusive();
        });
        for (int i = 0; i < 10; i++) {
            inOtherThread("reader " + i, () -> {
                ExecLockState.enterShared();
                ExecLockState.exitShared();
            });
        }
        assertThat(writer.isDone()).isFalse();
        ExecLockState.exitShared();
        writer.get();
    }

    @Test
    void aFailedCreationGivesBackItsOwnHoldOnly() throws Exception {
        ExecLockState.endCreation();
        ExecLockState.enterShared();
        ExecLockState.endCreation();
        ExecLockState.beginCreation();
        ExecLockState.endCreation();
        ExecLockState.endCreation();
        inOtherThread("other", () -> assertThat(ExecLockState.tryExclusive(0)).isFalse());
        ExecLockState.exitShared();
    }

    @Test
    void aThreadWithItsOwnIdeaOfEqualityIsCountedByIdentity() throws Exception {
        FutureTask<Void> task = task(() -> {
            ExecLockState.enterShared();
            assertThat(ExecLockState.holders()).containsExactly("odd");
            ExecLockState.exitShared();
        });
        new OddThread(task).start();
        task.get();
    }

    private static final class OddThread extends Thread {

        OddThread(Runnable task) {
            super(task, "odd");
        }

        @Override
        public boolean equals(Object other) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int hashCode() {
            throw new UnsupportedOperationException();
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private static FutureTask<Void> task(Step step) {
        return new FutureTask<>(() -> {
            step.run();
            return null;
        });
    }

    private static FutureTask<?> start(String name, Step step) {
        FutureTask<Void> task = task(step);
        new Thread(task, name).start();
        return task;
    }

    private static void inOtherThread(String name, Step step) throws InterruptedException, ExecutionException {
        start(name, step).get();
    }
}

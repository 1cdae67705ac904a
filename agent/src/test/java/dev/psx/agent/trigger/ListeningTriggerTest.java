package dev.psx.agent.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ListeningTriggerTest {

    private final List<Thread> actions = new ArrayList<>();
    private ServerSocket first;
    private ServerSocket second;

    @BeforeEach
    void open() throws IOException {
        first = new ServerSocket(0);
        second = new ServerSocket(0);
    }

    @AfterEach
    void close() throws IOException {
        first.close();
        second.close();
    }

    @Test
    void nothingHappensUntilThePortsAreComplete() throws IOException {
        Set<Integer> ports = ports();
        second.close();
        ListeningTrigger trigger = new ListeningTrigger(ports, this::act);
        trigger.run();
        assertThat(actions).isEmpty();
        assertThat(trigger.missing()).containsExactly(second.getLocalPort());
        assertThat(trigger.done()).isFalse();
    }

    @Test
    void theActionRunsOnceInTheThreadThatComes() {
        ListeningTrigger trigger = new ListeningTrigger(ports(), this::act);
        trigger.run();
        trigger.run();
        assertThat(actions).containsExactly(Thread.currentThread());
        assertThat(trigger.done()).isTrue();
        assertThat(trigger.missing()).isEmpty();
    }

    @Test
    void whoComesMeanwhileWaitsUntilItIsOver() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        AtomicReference<Boolean> doneWhenReturning = new AtomicReference<>();
        AtomicReference<ListeningTrigger> trigger = new AtomicReference<>();
        trigger.set(new ListeningTrigger(ports(), () -> {
            begun.countDown();
            awaitQuietly(finish);
            act();
        }));
        Thread acting = new Thread(trigger.get(), "acting");
        acting.start();
        begun.await();
        Thread waiting = new Thread(() -> {
            trigger.get().run();
            doneWhenReturning.set(actions.size() == 1);
        });
        waiting.start();
        while (waiting.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(doneWhenReturning.get()).isNull();
        finish.countDown();
        waiting.join();
        acting.join();
        assertThat(doneWhenReturning.get()).isTrue();
        assertThat(actions).containsExactly(acting);
    }

    @Test
    void ofManyThreadsExactlyOneActs() throws InterruptedException {
        ListeningTrigger trigger = new ListeningTrigger(ports(), this::act);
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Thread thread = new Thread(() -> {
                awaitQuietly(go);
                trigger.run();
            });
            thread.start();
            threads.add(thread);
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(actions).hasSize(1);
    }

    @Test
    void anActionThatListensItselfDoesNotWaitForItself() {
        AtomicReference<ListeningTrigger> trigger = new AtomicReference<>();
        trigger.set(new ListeningTrigger(ports(), () -> {
            act();
            trigger.get().run();
        }));
        trigger.get().run();
        assertThat(actions).hasSize(1);
    }

    @Test
    void anActionThatFailsIsNotRepeated() {
        ListeningTrigger trigger = new ListeningTrigger(ports(), () -> {
            act();
            throw new IllegalStateException("refused");
        });
        assertThatThrownBy(trigger::run).hasMessage("refused");
        trigger.run();
        assertThat(actions).hasSize(1);
        assertThat(trigger.done()).isTrue();
    }

    /** It had no stack or no memory: that says nothing about whether the action can be done. */
    @Test
    void anActionThatEndsInAnErrorIsRepeated() {
        ListeningTrigger trigger = new ListeningTrigger(ports(), () -> {
            act();
            if (actions.size() == 1) {
                throw new StackOverflowError("no stack");
            }
        });
        assertThatThrownBy(trigger::run).hasMessage("no stack");
        assertThat(trigger.done()).isFalse();
        trigger.run();
        trigger.run();
        assertThat(actions).hasSize(2);
        assertThat(trigger.done()).isTrue();
    }

    @Test
    void expiryLooksOnceMoreBeforeItFails() throws IOException {
        AtomicInteger failures = new AtomicInteger();
        ListeningTrigger complete = new ListeningTrigger(ports(), this::act);
        complete.expire(failures::incrementAndGet);
        assertThat(actions).hasSize(1);
        assertThat(failures).hasValue(0);

        ListeningTrigger incomplete = new ListeningTrigger(ports(), this::act);
        second.close();
        incomplete.expire(failures::incrementAndGet);
        assertThat(actions).hasSize(1);
        assertThat(failures).hasValue(1);
        assertThat(incomplete.done()).isFalse();
    }

    private Set<Integer> ports() {
        return new HashSet<>(Arrays.asList(first.getLocalPort(), second.getLocalPort()));
    }

    private synchronized void act() {
        actions.add(Thread.currentThread());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

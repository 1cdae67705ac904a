package dev.psx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ExecLockTest {

    private final List<Object> requests = new ArrayList<>();
    private final Function<Object[], Object> engine = this::answer;
    private boolean free = true;

    private Object answer(Object[] request) {
        requests.add(request[0]);
        return free;
    }

    @Test
    @SuppressWarnings("try") // held for the sake of holding it
    void sharedIsTakenAndGivenBack() {
        try (ExecLock lock = ExecLock.take(engine, "shared")) {
            assertThat(requests).containsExactly("lock-shared");
        }
        assertThat(requests).containsExactly("lock-shared", "unlock-shared");
    }

    @Test
    void closingTwiceGivesBackOnce() {
        ExecLock lock = ExecLock.take(engine, "exclusive");
        lock.close();
        lock.close();
        assertThat(requests).containsExactly("lock-exclusive", "unlock-exclusive");
    }

    @Test
    void exclusiveFailsWhenOthersKeepIt() {
        free = false;
        assertThatThrownBy(() -> ExecLock.take(engine, "exclusive")).isInstanceOf(IllegalStateException.class);
        assertThat(requests).containsExactly("lock-exclusive");
    }

    @Test
    void anotherThreadCannotGiveItBack() throws Exception {
        ExecLock lock = ExecLock.take(engine, "shared");
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread stranger = new Thread(lock::close, "stranger");
        stranger.setUncaughtExceptionHandler((thread, e) -> thrown.set(e));
        stranger.start();
        stranger.join();
        assertThat(thrown.get())
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("stranger");
        lock.close();
    }
}

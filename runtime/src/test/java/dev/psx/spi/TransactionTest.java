package dev.psx.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.psx.Divergence;
import dev.psx.ErrnoException;
import dev.psx.UnreachableException;
import org.junit.jupiter.api.Test;

class TransactionTest {

    private final FakePort port = new FakePort();
    private final Program program = new Program();

    private void run() {
        Transaction.run(port, Divergence.THROW, () -> {
            port.requests.add("plan");
            return program;
        });
    }

    @Test
    void severalCallsAreTriedFirst() {
        program.add("setgid", 1).add("setuid", 1);

        run();

        assertThat(port.requests).containsExactly("lock-exclusive", "plan", "trial", "broadcast", "unlock-exclusive");
        assertThat(port.calls()).containsExactly("setgid", "setuid");
    }

    @Test
    void oneCallNeedsNoTrial() {
        program.add("setuid", 1);

        run();

        assertThat(port.requests).containsExactly("lock-exclusive", "plan", "broadcast", "unlock-exclusive");
    }

    @Test
    void nothingToDoIsNotDone() {
        run();

        assertThat(port.requests).containsExactly("lock-exclusive", "plan", "unlock-exclusive");
    }

    @Test
    void whatFailsOnTrialIsNotDone() {
        program.add("setgid", 1).add("setuid", 1);
        port.trial = FakePort.header(BroadcastReport.CALL_FAILED, 1, -1);

        assertThatThrownBy(this::run)
                .isInstanceOf(ErrnoException.class)
                .hasMessageStartingWith("setuid(1) failed: EPERM")
                .hasMessageEndingWith("nothing has changed");
        assertThat(port.requests).containsExactly("lock-exclusive", "plan", "trial", "unlock-exclusive");
    }

    @Test
    void whereTheTrialCannotBeMadeNothingIsDone() {
        program.add("setgid", 1).add("setuid", 1);
        port.trial = FakePort.header(-11, 0, 0);

        assertThatThrownBy(this::run).isInstanceOf(IllegalStateException.class).hasMessageContaining("EAGAIN");
        assertThat(port.requests).doesNotContain("broadcast").endsWith("unlock-exclusive");
    }

    @Test
    void withoutTheLockNothingIsBegun() {
        port.lockFree = false;

        assertThatThrownBy(this::run)
                .isInstanceOf(UnreachableException.class)
                .hasMessageStartingWith("the change was not begun");
        assertThat(port.requests).containsExactly("lock-exclusive");
    }
}

package dev.psx;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What is refused before the engine is asked. What the calls do is judged on real tasks elsewhere. */
class PosixTest {

    @Test
    void negativeIdsAreRefused() {
        refused(() -> Posix.setuid(-1));
        refused(() -> Posix.seteuid(-1));
        refused(() -> Posix.setgid(-1));
        refused(() -> Posix.setegid(-1));
        refused(() -> Posix.setreuid(-2, 0));
        refused(() -> Posix.setregid(0, -2));
        refused(() -> Posix.setresuid(0, 0, Integer.MIN_VALUE));
        refused(() -> Posix.setresgid(0, -3, 0));
        refused(() -> Posix.setgroups(0, -1));
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("negative");
    }
}

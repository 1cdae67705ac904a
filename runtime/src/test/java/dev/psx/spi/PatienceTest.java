package dev.psx.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PatienceTest {

    private static final long MS = 1_000_000;
    private static final int FORGIVEN = 8;

    private final Patience patience = new Patience(500 * MS);

    @Test
    void isOverAfterAsMuchWaiting() {
        patience.waited(300 * MS, 300 * MS);
        assertThat(patience.over()).isFalse();
        assertThat(patience.atMost(300 * MS)).isEqualTo(200 * MS);
        patience.waited(200 * MS, 200 * MS);
        assertThat(patience.over()).isTrue();
    }

    @Test
    void aWaitThatWasInterruptedCountsForWhatItTook() {
        patience.waited(300 * MS, 10 * MS);
        assertThat(patience.atMost(500 * MS)).isEqualTo(490 * MS);
    }

    @Test
    void aWaitThatEndsALittleLateCountsForWhatWasAsked() {
        patience.waited(300 * MS, 400 * MS);
        assertThat(patience.atMost(500 * MS)).isEqualTo(200 * MS);
    }

    @Test
    void aWaitInWhichTheProcessWasStoppedDoesNotCount() {
        patience.waited(500 * MS, 601 * MS);
        patience.waited(20 * MS, 20_000 * MS);
        assertThat(patience.atMost(500 * MS)).isEqualTo(500 * MS);
    }

    @Test
    void ofShortPatienceShorterStopsAreForgiven() {
        Patience shortOne = new Patience(40 * MS);
        shortOne.waited(20 * MS, 31 * MS);
        assertThat(shortOne.atMost(40 * MS)).isEqualTo(40 * MS);
    }

    @Test
    void endsAlthoughItIsStoppedOverAndOver() {
        for (int stop = 0; stop < FORGIVEN; stop++) {
            patience.waited(100 * MS, 1_000 * MS);
        }
        assertThat(patience.atMost(500 * MS)).isEqualTo(500 * MS);
        for (int stop = 0; stop < 5; stop++) {
            assertThat(patience.over()).isFalse();
            patience.waited(100 * MS, 1_000 * MS);
        }
        assertThat(patience.over()).isTrue();
    }

    @Test
    void noneIsOverAtOnce() {
        Patience none = new Patience(0);
        assertThat(none.atMost(20 * MS)).isZero();
        none.waited(0, 0);
        assertThat(none.over()).isTrue();
    }
}

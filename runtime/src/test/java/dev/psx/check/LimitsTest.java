package dev.psx.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LimitsTest {

    private static final String TEXT =
            "Limit                     Soft Limit           Hard Limit           Units     \n"
                    + "Max core file size        0                    unlimited            bytes     \n"
                    + "Max processes             96363                96364                processes \n"
                    + "Max file locks            unlimited            unlimited            locks     \n";

    @Test
    void softLimits() {
        Limits limits = new Limits(TEXT);
        assertThat(limits.soft("Max core file size")).isZero();
        assertThat(limits.soft("Max processes")).isEqualTo(96363);
        assertThat(limits.soft("Max file locks")).isEqualTo(Limits.INFINITY);
    }

    @Test
    void whatIsNotListedLimitsNothing() {
        assertThat(new Limits("").soft("Max processes")).isEqualTo(Limits.INFINITY);
        assertThat(new Limits("Max processes\n").soft("Max processes")).isEqualTo(Limits.INFINITY);
    }
}

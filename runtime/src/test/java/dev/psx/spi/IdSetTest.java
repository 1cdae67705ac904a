package dev.psx.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdSetTest {

    @Test
    void equalSetsAreEqualArrays() {
        assertThat(IdSet.of()).isEmpty();
        assertThat(IdSet.of(5, -2, 0, 5, Integer.MAX_VALUE, -2)).containsExactly(0, 5, Integer.MAX_VALUE, -2);
    }
}

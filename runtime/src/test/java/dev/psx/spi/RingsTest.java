package dev.psx.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RingsTest {

    @ParameterizedTest
    @CsvSource({
        "'\npos:\t0\nSqThread:\t4711\nSqThreadCpu:\t2\n',4711",
        "'\nSqThread:\t-1\n',-1",
        "'\nSqThread:\t12',12",
        "'\npos:\t0',0",
        "'\nSqThread:\tx\n',0"
    })
    void thePollerIsInTheRingsOwnDescription(String info, int poller) {
        assertThat(Rings.poller(info)).isEqualTo(poller);
    }

    @Test
    void aProcessWithoutRingsHasNoPollers() throws IOException {
        assertThat(Rings.pollers(Path.of("/proc/self"))).isEmpty();
    }
}

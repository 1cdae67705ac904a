package dev.psx.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OverflowIdTest {

    @Test
    void theNumberIsReadWhole() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/sys/kernel/overflowgid"))) {
            assertThat(OverflowId.GROUP.shown())
                    .isEqualTo(Integer.parseInt(lines.findFirst().orElseThrow()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyThatNumberMayStandForAnother(OverflowId ids) {
        assertThat(ids.ambiguous(0, 1000)).isFalse();
        assertThat(ids.ambiguous()).isFalse();
    }
}

package dev.psx.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SocketPowerTest {

    @Test
    void paths() {
        assertThat(path("\1\0/run/docker.sock\0", 19)).isEqualTo("/run/docker.sock");
        assertThat(path("\1\0/run/docker.sock", 18)).isEqualTo("/run/docker.sock");
        assertThat(path("\1\0\0abstract", 11)).isEqualTo("@abstract");
        assertThat(path("\1\0", 2)).isEmpty();
        assertThat(path("", 0)).isEmpty();
    }

    /** The kernel says how long a name is, also if there is no room for all of it. */
    @Test
    void longName() {
        assertThat(path("\1\0/a", 200)).isEqualTo("/a");
    }

    private static String path(String address, int length) {
        return SocketPower.path(Arrays.copyOf(address.getBytes(StandardCharsets.ISO_8859_1), 128), length);
    }
}

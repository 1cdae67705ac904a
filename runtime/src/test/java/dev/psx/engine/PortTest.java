package dev.psx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class PortTest {

    @Test
    void requestsFromInside() throws IOException {
        try (ChildJvm child = new ChildJvm(PortMain.class)) {
            assertThat(child.rest().lines().filter(line -> !line.startsWith("WARNING") && !line.isEmpty()))
                    .containsExactly(
                            "ok threads", "ok programs", "ok reader", "ok lock", "ok own", "ok copy", "ok second");
        }
    }
}

package dev.psx.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LibraryDropIT {

    private static final String NONE = "0000000000000000";

    @BeforeAll
    static void root() throws IOException {
        Root.required();
    }

    @Test
    void everyTaskIsDroppedWithoutAgent() throws Exception {
        int port = Ports.privilegedPair();
        try (Application server =
                Application.java("library", "dev.psx.examples.LibraryDrop", Integer.toString(port), "nobody")) {
            server.await("dropped: ");
            server.await("listening on " + port);

            assertThat(server.ofTasks("Uid")).hasSizeGreaterThan(5).containsOnly("65534 65534 65534 65534");
            assertThat(server.ofTasks("CapPrm")).containsOnly(NONE);
            assertThat(server.ofTasks("CapBnd")).containsOnly(NONE);
            assertThat(server.ofTasks("NoNewPrivs")).containsOnly("1");
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void anIncompletePlanFailsBeforeAnythingIsBound() throws Exception {
        String port = Integer.toString(Ports.privilegedPair());
        try (Application server = Application.java("library", "dev.psx.examples.LibraryDrop", port, "1234567")) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.output())
                    .anyMatch(line -> line.contains("IllegalArgumentException") && line.contains("group"));
        }
    }
}

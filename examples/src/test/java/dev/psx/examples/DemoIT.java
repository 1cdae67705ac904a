package dev.psx.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DemoIT {

    @BeforeAll
    static void root() throws IOException {
        Root.required();
    }

    @Test
    void allOfItHolds() throws Exception {
        String port = Integer.toString(Ports.privilegedPair());
        try (Application demo = Application.run("./demo.sh", port)) {
            assertThat(demo.exitCode()).as(() -> said(demo)).isZero();
            assertThat(demo.output()).anyMatch(line -> line.matches("\\d+ requests .*, 0 of them failed"));
        }
    }

    @Test
    void saysInOneLineThatAPortIsInUse() throws Exception {
        int port = Ports.privilegedPair();
        try (ServerSocket occupied = Ports.listenOn(port);
                Application demo = Application.run("./demo.sh", Integer.toString(occupied.getLocalPort()))) {
            assertThat(demo.output())
                    .containsExactly(
                            "demo.sh: port " + port + " is in use; choose other ports: examples/demo.sh PORT SECOND");
            assertThat(demo.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void saysInOneLineThatRootIsNeeded() throws Exception {
        // From standard input, since the script may lie where only root may read it.
        String command = "exec setpriv --reuid=65534 --regid=65534 --clear-groups bash -s < demo.sh";
        try (Application demo = Application.run("bash", "-c", command)) {
            assertThat(demo.output())
                    .containsExactly("demo.sh: must run as root:"
                            + " the server starts with root's privileges and gives them up");
            assertThat(demo.exitCode()).isEqualTo(1);
        }
    }

    private static String said(Application demo) {
        try {
            return String.join("\n", demo.output());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.psx.examples;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

final class Root {

    private Root() {}

    /** Skips the test if it does not run as root; with {@code PSX_REQUIRE_ROOT=1} in the environment it fails instead. */
    static void required() throws IOException {
        boolean root = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        if (!root && "1".equals(System.getenv("PSX_REQUIRE_ROOT"))) {
            fail("needs root, and PSX_REQUIRE_ROOT=1 forbids to skip");
        }
        assumeTrue(root, "needs root");
    }
}

package dev.psx.engine;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Tests that change credentials, owners or mounts. */
public final class Root {

    private Root() {}

    /** Skips the test if it does not run as root; with {@code PSX_REQUIRE_ROOT=1} in the environment it fails instead. */
    public static void required() {
        boolean root = Start.effectiveUser() == 0;
        if (!root && "1".equals(System.getenv("PSX_REQUIRE_ROOT"))) {
            fail("needs root, and PSX_REQUIRE_ROOT=1 forbids to skip");
        }
        assumeTrue(root, "needs root");
    }
}

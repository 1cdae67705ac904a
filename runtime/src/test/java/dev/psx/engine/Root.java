package dev.psx.engine;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Tests that change credentials, owners or mounts. */
final class Root {

    private Root() {}

    /** Skips the test if it does not run as root; with {@code -Dpsx.require.root=true} it fails instead. */
    static void required() {
        boolean root = Start.effectiveUser() == 0;
        if (!root && Boolean.getBoolean("psx.require.root")) {
            fail("needs root, and psx.require.root=true forbids to skip");
        }
        assumeTrue(root, "needs root");
    }
}

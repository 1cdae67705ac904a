package dev.psx.agent.install;

import dev.psx.agent.bootstrap.AgentFailure;
import dev.psx.spi.ProcessEnd;

/** What becomes of the process when something has failed that changed nothing. */
final class FailurePolicy {

    private final boolean warns;

    FailurePolicy(boolean warns) {
        this.warns = warns;
    }

    boolean warns() {
        return warns;
    }

    /** Warns, or ends the process. */
    void handle(AgentFailure failure) {
        if (warns) {
            Log.warn(failure.getMessage() + "; the process goes on with its privileges (on-failure=warn)");
            return;
        }
        ProcessEnd.now(failure.exitCode(), failure.getMessage());
    }
}

package dev.psx.spi;

import dev.psx.Divergence;
import dev.psx.Task;
import dev.psx.UnreachableException;
import java.util.Collections;
import java.util.function.Function;

/**
 * Internal: a change that may need several calls, found out from what the tasks have now. It is tried in a disposable process
 * first; then every task runs the whole program in one stop, or none runs anything.
 */
public final class Transaction {

    private Transaction() {}

    /** Finds out the calls; under the exec lock, so that no other broadcast comes between that and the calls. */
    public interface Plan {

        /** Returns the calls, possibly none. */
        Program program();
    }

    /**
     * Makes a change.
     *
     * @throws dev.psx.ErrnoException if a call fails: nothing has changed
     * @throws UnreachableException if a task cannot be reached: nothing has changed
     * @throws dev.psx.DivergenceException if tasks differ now, and the policy says so
     * @throws IllegalStateException if the engine cannot work: nothing has changed
     */
    public static void run(Function<Object[], Object> port, Divergence policy, Plan plan) {
        lock(port, "the change");
        try {
            Program program = plan.program();
            if (program.size() > 1) {
                rehearse(port, program);
            }
            if (program.size() > 0) {
                Broadcast.run(port, program, policy);
            }
        } finally {
            unlock(port);
        }
    }

    /**
     * Takes the exec lock exclusively.
     *
     * @param what what is not begun otherwise
     */
    public static void lock(Function<Object[], Object> port, String what) {
        if (!Boolean.TRUE.equals(port.apply(new Object[] {"lock-exclusive"}))) {
            throw new UnreachableException(
                    what
                            + " was not begun: the exec lock was not free within give-up: " + ExecLockState.obstacle()
                            + "; look at its stack (jstack), or raise give-up; nothing has changed",
                    Collections.<Task>emptyList());
        }
    }

    public static void unlock(Function<Object[], Object> port) {
        port.apply(new Object[] {"unlock-exclusive"});
    }

    /**
     * Runs a program where it harms nobody: a call that fails there has changed nothing.
     *
     * @throws dev.psx.ErrnoException if a call fails
     * @throws IllegalStateException if the engine cannot work
     */
    public static void rehearse(Function<Object[], Object> port, Program program) {
        BroadcastReport trial =
                BroadcastReport.of(port.apply(new Object[] {"trial", program.encoded(), program.blobs()}));
        if (trial.status == BroadcastReport.CALL_FAILED) {
            throw Failures.callFailed(program, trial.call, trial.result);
        }
        if (trial.status != BroadcastReport.DONE) {
            throw Failures.engineFailed(program, trial.status);
        }
    }
}

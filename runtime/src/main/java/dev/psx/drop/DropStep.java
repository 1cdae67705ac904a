package dev.psx.drop;

import dev.psx.Credentials;
import dev.psx.spi.Program;
import java.util.List;

/** Internal: one part of a drop: what must hold afterwards, and the calls that bring it about. */
abstract class DropStep {

    /** What the step is about, as messages name it. */
    final String what;

    /** Whether it matters only to a task that executes a program. */
    final boolean forExecOnly;

    DropStep(String what, boolean forExecOnly) {
        this.what = what;
        this.forExecOnly = forExecOnly;
    }

    /** Whether a task has the state already; also what is verified after the drop. */
    abstract boolean holds(Credentials credentials);

    /**
     * Appends the calls.
     *
     * @param before the credentials of all tasks before the drop
     */
    abstract void addTo(Program program, List<Credentials> before);

    /** Whether the calls must be made, because the state does not hold, or cannot be told to hold, on every task. */
    boolean needed(List<Credentials> before) {
        for (Credentials credentials : before) {
            if (!holds(credentials)) {
                return true;
            }
        }
        return false;
    }
}

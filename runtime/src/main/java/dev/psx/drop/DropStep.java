package dev.psx.drop;

import dev.psx.Credentials;
import dev.psx.spi.Program;

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

    /** Whether a task has the state, as far as its status file tells; also what is verified after the drop. */
    boolean holds(Credentials credentials) {
        return true;
    }

    /** Whether it takes a privilege away. Other steps are settings: a program may change them, and anybody may set them again. */
    boolean isPrivilege() {
        return true;
    }

    /** Appends the calls. */
    abstract void addTo(Program program, Before before);

    /** Whether the calls must be made, because the state does not hold, or cannot be told to hold, on every task. */
    boolean needed(Before before) {
        for (Credentials credentials : before.credentials) {
            if (!holds(credentials)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a task, whatever others may do, is certain to be refused what the step needs. */
    boolean isRefusedTo(Credentials task, Before before) {
        return false;
    }

    /**
     * Verifies after the drop what status files do not show.
     *
     * @return what is wrong, or null
     */
    String wrong(After after) {
        return null;
    }
}

package dev.psx.plan;

import dev.psx.Credentials;
import dev.psx.Task;
import dev.psx.drop.DropResult;
import java.util.List;
import java.util.Set;

/**
 * What {@link PrivilegePlan#apply()} has done. Immutable. {@code toString()} gives a text of a few lines: what was done, and the
 * credentials before and after.
 */
public final class DropReport {

    private final DropResult result;

    DropReport(DropResult result) {
        this.result = result;
    }

    /**
     * Returns what the tasks were allowed before.
     *
     * @return the different credentials that tasks had, nearly always one; unmodifiable
     */
    public Set<Credentials> before() {
        return result.before();
    }

    /**
     * Returns what the tasks are allowed now, read again from the kernel.
     *
     * @return the different credentials that tasks have; unmodifiable. More than one only where tasks differ in what the plan
     *     does not see to, or are {@link #pending()}
     */
    public Set<Credentials> after() {
        return result.after();
    }

    /**
     * Returns how many tasks were looked at after the drop.
     *
     * @return the number, 1 or more; kernel workers and ended tasks do not count
     */
    public int tasks() {
        return result.tasks();
    }

    /**
     * Returns how long tasks were held.
     *
     * @return nanoseconds from the first signal until the last task had changed; 0 if nothing had to change
     */
    public long pauseNanos() {
        return result.pauseNanos();
    }

    /**
     * Tells whether anything had to be done.
     *
     * @return false if the state held on every task already
     */
    public boolean changed() {
        return result.changed();
    }

    /**
     * Returns the system calls that every task has made.
     *
     * @return the calls with their arguments, in order; a call whose result held already is not among them. Unmodifiable
     */
    public List<String> calls() {
        return result.calls();
    }

    /**
     * Returns the tasks that are still inside a system call that cannot be interrupted. Each makes the calls before it runs any
     * code of its own again.
     *
     * @return nearly always empty; unmodifiable
     */
    public List<Task> pending() {
        return result.pending();
    }

    @Override
    public String toString() {
        return result.toString();
    }
}

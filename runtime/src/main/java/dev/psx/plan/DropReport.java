package dev.psx.plan;

import dev.psx.Credentials;
import dev.psx.Task;
import dev.psx.drop.DropResult;
import dev.psx.drop.OutsideProcess;
import java.util.ArrayList;
import java.util.Collections;
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
     * Returns the system calls that were made: by every task, or as {@link PrivilegePlan#explain()} says.
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

    /**
     * Returns the processes that the drop did not reach and that may do more than it left: children that were started before,
     * and processes that run in this one's memory.
     *
     * @return in the order of their pids; unmodifiable. Empty if nothing had to change, and where there is no /proc
     */
    public List<OtherProcess> otherProcesses() {
        List<OtherProcess> processes = new ArrayList<>();
        for (OutsideProcess process : result.outside()) {
            processes.add(new OtherProcess(process));
        }
        return Collections.unmodifiableList(processes);
    }

    /**
     * Returns what is allowed, but worth knowing, such as kept capabilities that amount to root; and what the drop breaks: files of
     * the JVM and the application that the new user cannot use, each with when that will be noticed and how to mend it.
     *
     * @return one line each; unmodifiable
     */
    public List<String> warnings() {
        return result.warnings();
    }

    /**
     * Returns what every drop like this changes around the application, such as the owner of a socket for tools.
     *
     * @return one line each; unmodifiable
     */
    public List<String> notes() {
        return result.notes();
    }

    /**
     * Returns the report for programs.
     *
     * @return a JSON object with {@code changed}, {@code tasks}, {@code pauseNanos}, {@code calls}, {@code before} and {@code
     *     after} (credentials with the fields of the command {@code status --json}), {@code pending}, {@code otherProcesses},
     *     {@code warnings} and {@code notes}
     */
    public String toJson() {
        List<Json> others = new ArrayList<>();
        for (OtherProcess process : otherProcesses()) {
            others.add(process.json());
        }
        List<Json> tasks = new ArrayList<>();
        for (Task task : pending()) {
            tasks.add(new Json().add("tid", task.tid()).add("comm", task.comm()));
        }
        return new Json()
                .add("changed", changed())
                .add("tasks", tasks())
                .add("pauseNanos", pauseNanos())
                .add("calls", calls())
                .addAll("before", json(before()))
                .addAll("after", json(after()))
                .addAll("pending", tasks)
                .addAll("otherProcesses", others)
                .add("warnings", warnings())
                .add("notes", notes())
                .toString();
    }

    private static List<Json> json(Set<Credentials> all) {
        List<Json> objects = new ArrayList<>();
        for (Credentials credentials : all) {
            objects.add(Json.of(credentials));
        }
        return objects;
    }

    @Override
    public String toString() {
        return result.toString();
    }
}

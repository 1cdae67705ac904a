package dev.psx.drop;

import dev.psx.Credentials;
import dev.psx.Task;
import dev.psx.check.FixUps;
import dev.psx.check.Readiness;
import dev.psx.spi.Program;
import dev.psx.spi.TaskSnapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Internal: what a drop that succeeded has done. Immutable. */
public final class DropResult {

    private final Set<Credentials> before;
    private final Set<Credentials> after;
    private final int tasks;
    private final long pauseNanos;
    private final List<String> calls;
    private final List<Task> pending;
    private final List<String> warnings;
    private final List<OutsideProcess> outside;
    private final List<String> notes;

    DropResult(
            List<TaskSnapshot> before,
            List<TaskSnapshot> after,
            long pauseNanos,
            Program program,
            List<TaskSnapshot> pending,
            List<String> warnings,
            List<OutsideProcess> outside) {
        this.before = distinct(before);
        this.after = distinct(after);
        this.tasks = after.size();
        this.pauseNanos = pauseNanos;
        this.calls = Collections.unmodifiableList(program.describe());
        this.pending = Collections.unmodifiableList(new ArrayList<Task>(pending));
        this.warnings = Collections.unmodifiableList(new ArrayList<>(warnings));
        this.outside = outside;
        this.notes = Collections.emptyList();
    }

    private DropResult(DropResult result, List<String> warnings, List<String> notes) {
        this.before = result.before;
        this.after = result.after;
        this.tasks = result.tasks;
        this.pauseNanos = result.pauseNanos;
        this.calls = result.calls;
        this.pending = result.pending;
        this.warnings = Collections.unmodifiableList(warnings);
        this.outside = result.outside;
        this.notes = notes;
    }

    /** Adds what was found out before the drop, and what could not be mended. */
    DropResult with(Readiness readiness, FixUps fixUps) {
        List<String> all = new ArrayList<>(warnings);
        all.addAll(readiness.warnings());
        for (String failure : fixUps.failures()) {
            all.add("fix-ups: " + failure);
        }
        return new DropResult(this, all, readiness.notes());
    }

    static DropResult unchanged(List<TaskSnapshot> tasks, List<String> warnings) {
        return new DropResult(
                tasks,
                tasks,
                0,
                new Program(),
                Collections.<TaskSnapshot>emptyList(),
                warnings,
                Collections.<OutsideProcess>emptyList());
    }

    public Set<Credentials> before() {
        return before;
    }

    public Set<Credentials> after() {
        return after;
    }

    public int tasks() {
        return tasks;
    }

    public long pauseNanos() {
        return pauseNanos;
    }

    public List<String> calls() {
        return calls;
    }

    public List<String> warnings() {
        return warnings;
    }

    /** Returns what every drop like this changes around the application. */
    public List<String> notes() {
        return notes;
    }

    /** Processes with more than the drop leaves, and those that share the memory. */
    public List<OutsideProcess> outside() {
        return outside;
    }

    public List<Task> pending() {
        return pending;
    }

    public boolean changed() {
        return !calls.isEmpty();
    }

    private static Set<Credentials> distinct(List<TaskSnapshot> tasks) {
        Set<Credentials> all = new LinkedHashSet<>();
        for (TaskSnapshot task : tasks) {
            all.add(task.credentials());
        }
        return Collections.unmodifiableSet(all);
    }

    /** Returns one line on what was done, then one for each state that tasks had before and have now. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (changed()) {
            text.append("dropped: ")
                    .append(calls.size())
                    .append(" calls on each of ")
                    .append(tasks);
            text.append(" tasks, verified, pause ").append(pauseNanos / 1000).append(" µs");
        } else {
            text.append("nothing to change: the state holds on all ")
                    .append(tasks)
                    .append(" tasks");
        }
        lines(text, "before", before);
        lines(text, "after", after);
        for (Task task : pending) {
            text.append("\npending ").append(task.tid()).append(" (").append(task.comm());
            text.append("): still inside the kernel, changes before it runs on");
        }
        for (OutsideProcess process : outside) {
            text.append("\nnot reached: ").append(process);
        }
        for (String warning : warnings) {
            text.append("\nwarning: ").append(warning);
        }
        for (String note : notes) {
            text.append("\nnote: ").append(note);
        }
        return text.toString();
    }

    private static void lines(StringBuilder text, String title, Set<Credentials> all) {
        for (Credentials credentials : all) {
            text.append('\n').append(title).append(' ').append(credentials);
        }
    }
}

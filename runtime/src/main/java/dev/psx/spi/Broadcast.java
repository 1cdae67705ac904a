package dev.psx.spi;

import dev.psx.Divergence;
import dev.psx.DivergenceException;
import dev.psx.Task;
import dev.psx.spi.BroadcastReport.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Internal: has a program run by every task and turns what became of it into a result or an exception. */
public final class Broadcast {

    /** The exit code of a process whose tasks have diverged. */
    public static final int DIVERGED_EXIT = 70;

    private static final int SHOWN = 8;

    private Broadcast() {}

    /**
     * Runs a program. If it has more than one call, they must have worked on trial.
     *
     * @return the last call's result, not negative
     */
    public static long run(Function<Object[], Object> port, Program program, Divergence policy) {
        BroadcastReport report = send(port, program, policy == Divergence.HALT ? DIVERGED_EXIT : 0);
        switch (report.status) {
            case BroadcastReport.DONE:
                return report.result;
            case BroadcastReport.CALL_FAILED:
                if (report.call > 0) {
                    DivergenceException exception = halfWay(program, report);
                    if (policy == Divergence.HALT) {
                        ProcessEnd.now(DIVERGED_EXIT, exception.getMessage());
                    }
                    throw exception;
                }
                throw Failures.callFailed(program, report.call, report.result);
            case BroadcastReport.UNREACHABLE:
                throw Unreached.exception(port, program, report);
            case BroadcastReport.DIVERGED:
                return diverged(port, program, report, policy);
            default:
                throw Failures.engineFailed(program, report.status);
        }
    }

    /** Sends a program to the engine, which takes the exec lock for it. */
    public static BroadcastReport send(Function<Object[], Object> port, Program program, int haltCode) {
        return BroadcastReport.of(port.apply(new Object[] {"broadcast", program.encoded(), program.blobs(), haltCode}));
    }

    /** Never to be ignored: the calling task alone has changed, and nobody knows into what. */
    private static DivergenceException halfWay(Program program, BroadcastReport report) {
        String message = "the calling task changed, then " + program.describe(report.call) + " gave "
                + Failures.result(report.result)
                + " although it had worked on trial; end this process, it may still be privileged";
        return new DivergenceException(message, Collections.<Task, Long>emptyMap(), null);
    }

    private static long diverged(
            Function<Object[], Object> port, Program program, BroadcastReport report, Divergence policy) {
        if (policy == Divergence.IGNORE) {
            return report.result;
        }
        DivergenceException exception = divergence(port, program, report);
        if (policy == Divergence.WARN) {
            StandardError.line(exception.getMessage());
            return report.result;
        }
        throw exception;
    }

    public static DivergenceException divergence(
            Function<Object[], Object> port, Program program, BroadcastReport report) {
        Map<Integer, TaskSnapshot> tasks = TaskSnapshot.byTid(port);
        Map<Task, Long> results = new LinkedHashMap<>();
        for (TaskSnapshot task : tasks.values()) {
            if (task.runs(Thread.currentThread())) {
                results.put(task, report.result);
            }
        }
        for (Entry entry : report.entries) {
            TaskSnapshot task = tasks.get(entry.tid);
            if (task != null && (entry.outcome == Entry.RAN || entry.outcome == Entry.DIFFERED)) {
                results.put(task, entry.result);
            }
        }
        return new DivergenceException(describe(tasks, program, report), results, null);
    }

    private static String describe(Map<Integer, TaskSnapshot> tasks, Program program, BroadcastReport report) {
        List<Entry> different = new ArrayList<>(report.entries(Entry.DIFFERED));
        different.addAll(report.entries(Entry.DIED));
        different.addAll(report.entries(Entry.MISSING));
        StringBuilder text = new StringBuilder("the tasks of this process have diverged: the calling task got ")
                .append(Failures.result(report.result));
        for (Entry entry : different.subList(0, Math.min(SHOWN, different.size()))) {
            text.append("; ").append(TaskSnapshot.label(tasks.get(entry.tid), entry.tid));
            text.append(' ').append(fate(program, entry));
        }
        if (different.size() > SHOWN) {
            text.append("; and ").append(different.size() - SHOWN).append(" more");
        }
        return text.toString();
    }

    private static String fate(Program program, Entry entry) {
        switch (entry.outcome) {
            case Entry.DIED:
                return "ended in " + program.describe(entry.call);
            case Entry.MISSING:
                return "did not run " + program.describe(0);
            default:
                return "got " + Failures.result(entry.result) + " from " + program.describe(entry.call);
        }
    }
}

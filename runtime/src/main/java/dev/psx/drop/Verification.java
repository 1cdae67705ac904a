package dev.psx.drop;

import dev.psx.DivergenceException;
import dev.psx.Task;
import dev.psx.spi.Broadcast;
import dev.psx.spi.BroadcastReport;
import dev.psx.spi.Failures;
import dev.psx.spi.Program;
import dev.psx.spi.TaskSnapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Internal: the end of a drop. Some task has changed: whatever goes wrong from here on is a divergence. */
final class Verification {

    private static final int SHOWN = 8;
    private static final String CAUSE =
            "; all calls succeeded, so native code of the application has changed its credentials meanwhile, or a security"
                    + " module, or the kernel, has not done all that it said";

    private final Function<Object[], Object> port;
    private final DropSteps steps;
    private final Program program;
    private final BroadcastReport report;

    Verification(Function<Object[], Object> port, DropSteps steps, Program program, BroadcastReport report) {
        this.port = port;
        this.steps = steps;
        this.program = program;
        this.report = report;
    }

    /**
     * Reads everything again.
     *
     * @throws DivergenceException if it is not as it must be
     */
    DropResult result(List<TaskSnapshot> before, Preflight preflight, List<String> warnings) {
        try {
            if (report.status == BroadcastReport.CALL_FAILED) {
                String call = program.describe(report.call) + " gave " + Failures.result(report.result);
                throw failure("the calling task changed, then " + call + " although it had worked on trial", null);
            }
            if (report.status != BroadcastReport.DONE) {
                throw Broadcast.divergence(port, program, report);
            }
            return verified(before, preflight, warnings);
        } catch (DivergenceException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            throw failure("the drop could not be verified: " + e, e);
        }
    }

    private DropResult verified(List<TaskSnapshot> before, Preflight preflight, List<String> warnings) {
        List<TaskSnapshot> all = TaskSnapshot.all(port);
        refusePollers(all);
        List<TaskSnapshot> after = TaskSnapshot.takingPart(all);
        List<TaskSnapshot> pending = pending(after);
        List<TaskSnapshot> settled = new ArrayList<>(after);
        settled.removeAll(pending);
        List<String> wrong = steps.wrong(new After(port, settled));
        if (!wrong.isEmpty()) {
            throw failure("the drop did not verify; " + String.join(", ", wrong), null);
        }
        List<String> notes = new ArrayList<>(warnings);
        notes.addAll(preflight.finish());
        return new DropResult(before, after, report.pauseNanos, program, pending, notes, preflight.processes());
    }

    private void refusePollers(List<TaskSnapshot> all) {
        List<Task> pollers = Pollers.exceeding(all, steps, RingGuard.rings());
        if (!pollers.isEmpty()) {
            throw failure(
                    "the drop did not verify; the io_uring poller " + ((TaskSnapshot) pollers.get(0)).label()
                            + " was started during the drop and keeps the old credentials",
                    null);
        }
    }

    /** Those that owe the program, and have not run it yet. */
    private List<TaskSnapshot> pending(List<TaskSnapshot> after) {
        Set<Integer> owing = new HashSet<>();
        for (BroadcastReport.Entry entry : report.entries(BroadcastReport.Entry.PENDING)) {
            owing.add(entry.tid);
        }
        List<TaskSnapshot> pending = new ArrayList<>();
        List<TaskSnapshot> wrong = new ArrayList<>();
        for (TaskSnapshot task : after) {
            if (!steps.missing(task.credentials()).isEmpty()) {
                (owing.contains(task.tid()) ? pending : wrong).add(task);
            }
        }
        if (!wrong.isEmpty()) {
            throw failure("the drop did not verify" + describe(wrong), null);
        }
        return pending;
    }

    private String describe(List<TaskSnapshot> wrong) {
        Map<String, List<TaskSnapshot>> byWhat = new LinkedHashMap<>();
        for (TaskSnapshot task : wrong) {
            String what = String.join(", ", steps.missing(task.credentials()));
            byWhat.computeIfAbsent(what, any -> new ArrayList<>()).add(task);
        }
        StringBuilder text = new StringBuilder();
        byWhat.forEach((what, tasks) -> text.append("; ")
                .append(tasks.size() == 1 ? tasks.get(0).label() + " has" : tasks.size() + " tasks have")
                .append(" not the wanted ")
                .append(what)
                .append(tasks.size() == 1 ? "" : ": " + labels(tasks)));
        return text.append(CAUSE).toString();
    }

    private static String labels(List<TaskSnapshot> tasks) {
        List<String> labels = new ArrayList<>();
        for (TaskSnapshot task : tasks.subList(0, Math.min(SHOWN, tasks.size()))) {
            labels.add(task.label());
        }
        String some = String.join(", ", labels);
        return tasks.size() > SHOWN ? some + " and " + (tasks.size() - SHOWN) + " more" : some;
    }

    /** Whoever gets it ends the process. */
    private static DivergenceException failure(String message, Throwable cause) {
        return new DivergenceException(
                message + "; the process has been ended, it might still have been privileged",
                Collections.<Task, Long>emptyMap(),
                cause);
    }
}

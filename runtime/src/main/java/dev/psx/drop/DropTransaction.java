package dev.psx.drop;

import dev.psx.DivergenceException;
import dev.psx.Task;
import dev.psx.UnreachableException;
import dev.psx.spi.Broadcast;
import dev.psx.spi.BroadcastReport;
import dev.psx.spi.Failures;
import dev.psx.spi.Program;
import dev.psx.spi.TaskSnapshot;
import dev.psx.spi.Transaction;
import dev.psx.spi.Unreached;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Internal: a drop of privileges as one transaction. It is tried in a disposable process first; then every task runs the whole
 * program in one stop, or none runs anything; then every task is read again.
 *
 * <p>All of it happens under the exec lock, so nothing here logs, looks up names or calls foreign code.
 */
public final class DropTransaction {

    private static final int SHOWN = 8;

    private final Function<Object[], Object> port;
    private final DropSteps steps;

    private DropTransaction(Function<Object[], Object> port, DropSpec spec) {
        this.port = port;
        this.steps = new DropSteps(spec);
    }

    /**
     * Brings the state about, or finds that it holds already.
     *
     * @throws dev.psx.ErrnoException if the process may not do what the drop needs: nothing has changed
     * @throws UnreachableException if a task cannot be reached, or an io_uring poller would keep the old credentials: nothing
     *     has changed
     * @throws IllegalStateException if the engine cannot work: nothing has changed
     * @throws DivergenceException if tasks differ now, or do not have the state: the process must end
     */
    public static DropResult run(Function<Object[], Object> port, DropSpec spec) {
        Transaction.lock(port, "the drop");
        try {
            return new DropTransaction(port, spec).run();
        } finally {
            Transaction.unlock(port);
        }
    }

    /** Tells whether every task has the state already. */
    public static boolean holds(Function<Object[], Object> port, DropSpec spec) {
        return new DropTransaction(port, spec).program().size() == 0;
    }

    /**
     * Tries the drop in a disposable process. Nothing changes.
     *
     * @throws dev.psx.ErrnoException if the process may not do what the drop needs
     * @throws IllegalStateException if the engine cannot work
     */
    public static void rehearse(Function<Object[], Object> port, DropSpec spec) {
        Program program = new DropTransaction(port, spec).program();
        if (program.size() > 0) {
            Transaction.rehearse(port, program);
        }
    }

    private Program program() {
        return steps.program(TaskSnapshot.takingPart(TaskSnapshot.all(port)));
    }

    /** Returns the exit code of the agent for an exception of {@link #run}: 70 if something has changed, otherwise 77. */
    public static int exitCode(Throwable failure) {
        return failure instanceof DivergenceException ? Broadcast.DIVERGED_EXIT : 77;
    }

    private DropResult run() {
        List<TaskSnapshot> all = TaskSnapshot.all(port);
        List<TaskSnapshot> before = TaskSnapshot.takingPart(all);
        Pollers.refuse(all, steps);
        Program program = steps.program(before);
        if (program.size() == 0) {
            return new DropResult(before, before, 0, program, Collections.<TaskSnapshot>emptyList());
        }
        Transaction.rehearse(port, program);
        BroadcastReport report = Broadcast.send(port, program, Broadcast.DIVERGED_EXIT);
        if (report.status == BroadcastReport.UNREACHABLE) {
            throw Unreached.exception(port, program, report);
        }
        if (report.status < 0) {
            throw Failures.engineFailed(program, report.status);
        }
        if (report.status == BroadcastReport.CALL_FAILED && report.call == 0) {
            throw Failures.callFailed(program, 0, report.result);
        }
        return committed(program, report, before);
    }

    /** From here on some task has changed: whatever goes wrong is a divergence. */
    private DropResult committed(Program program, BroadcastReport report, List<TaskSnapshot> before) {
        try {
            if (report.status == BroadcastReport.CALL_FAILED) {
                String call = program.describe(report.call) + " gave " + Failures.result(report.result);
                throw failure("the calling task changed, then " + call + " although it had worked on trial", null);
            }
            if (report.status != BroadcastReport.DONE) {
                throw Broadcast.divergence(port, program, report);
            }
            return verify(program, report, before);
        } catch (DivergenceException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            throw failure("the drop could not be verified: " + e, e);
        }
    }

    private DropResult verify(Program program, BroadcastReport report, List<TaskSnapshot> before) {
        Set<Integer> owing = new HashSet<>();
        for (BroadcastReport.Entry entry : report.entries(BroadcastReport.Entry.PENDING)) {
            owing.add(entry.tid);
        }
        List<TaskSnapshot> all = TaskSnapshot.all(port);
        List<Task> pollers = Pollers.exceeding(all, steps);
        if (!pollers.isEmpty()) {
            throw failure(
                    "the drop did not verify; the io_uring poller " + ((TaskSnapshot) pollers.get(0)).label()
                            + " was started during the drop and keeps the old credentials",
                    null);
        }
        List<TaskSnapshot> after = TaskSnapshot.takingPart(all);
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
        return new DropResult(before, after, report.pauseNanos, program, pending);
    }

    private static DivergenceException failure(String message, Throwable cause) {
        return new DivergenceException(
                message + "; end this process, it may still be privileged", Collections.<Task, Long>emptyMap(), cause);
    }

    private String describe(List<TaskSnapshot> wrong) {
        StringBuilder text = new StringBuilder();
        for (TaskSnapshot task : wrong.subList(0, Math.min(SHOWN, wrong.size()))) {
            text.append("; ").append(task.label()).append(" has not the wanted ");
            text.append(String.join(", ", steps.missing(task.credentials())));
        }
        return wrong.size() > SHOWN ? text + "; and " + (wrong.size() - SHOWN) + " more" : text.toString();
    }
}

package dev.psx.drop;

import dev.psx.DivergenceException;
import dev.psx.check.FixUps;
import dev.psx.spi.Broadcast;
import dev.psx.spi.BroadcastReport;
import dev.psx.spi.Failures;
import dev.psx.spi.Program;
import dev.psx.spi.TaskSnapshot;
import dev.psx.spi.Transaction;
import dev.psx.spi.Unreached;
import java.util.List;
import java.util.function.Function;

/**
 * Internal: a drop of privileges as one transaction. It is tried in a disposable process first; then every task runs the whole
 * program in one stop, or none runs anything; then every task is read again.
 *
 * <p>All of it happens under the exec lock, so nothing here logs, looks up names or calls foreign code.
 */
public final class DropTransaction {

    private final Function<Object[], Object> port;
    private final DropSpec spec;
    private final List<TaskSnapshot> all;
    private final Before before;
    private final DropSteps steps;
    private final Program program;
    private final Shortfall shortfall;

    private DropTransaction(Function<Object[], Object> port, DropSpec spec) {
        this.port = port;
        this.all = TaskSnapshot.all(port);
        this.before = new Before(port, TaskSnapshot.takingPart(all));
        this.shortfall = Shortfall.of(spec, before);
        this.spec = shortfall == null ? spec : shortfall.reduced(spec);
        this.steps = new DropSteps(this.spec, before);
        this.program = steps.program();
    }

    /**
     * Brings the state about, or finds that it holds already.
     *
     * @param fixUps gives files to the new user when nothing speaks against the drop any more
     * @throws dev.psx.ErrnoException if the process may not do what the drop needs: nothing has changed
     * @throws dev.psx.UnreachableException if a task cannot be reached, or an io_uring poller would keep the old credentials:
     *     nothing has changed
     * @throws IllegalStateException if the engine cannot work, or something would be a way around the drop: nothing has changed
     * @throws DivergenceException if tasks differ now, or do not have the state: the process must end
     */
    static DropResult run(Function<Object[], Object> port, DropSpec spec, FixUps fixUps) {
        Transaction.lock(port, "the drop");
        try {
            return new DropTransaction(port, spec).run(fixUps);
        } finally {
            Transaction.unlock(port);
        }
    }

    /** Tells whether every task has the state already. */
    public static boolean holds(Function<Object[], Object> port, DropSpec spec) {
        return new DropTransaction(port, spec).program.size() == 0;
    }

    /** Returns the calls that the drop would make now, each with the tasks that make it; none if the state holds. */
    public static Program program(Function<Object[], Object> port, DropSpec spec) {
        return new DropTransaction(port, spec).program;
    }

    /**
     * Looks for obstacles and tries the drop in a disposable process. Nothing changes.
     *
     * @throws dev.psx.ErrnoException if the process may not do what the drop needs
     * @throws dev.psx.UnreachableException if an io_uring poller would keep the old credentials
     * @throws IllegalStateException if the engine cannot work, or something would be a way around the drop
     */
    public static void rehearse(Function<Object[], Object> port, DropSpec spec) {
        new DropTransaction(port, spec).rehearse();
    }

    /** Tries the drop of this process. The exec lock is held as for the drop itself. */
    public static CheckResult check(Function<Object[], Object> port, DropSpec spec) {
        Transaction.lock(port, "the check");
        try {
            DropTransaction transaction = new DropTransaction(port, spec);
            return CheckResult.of(transaction, transaction.program);
        } finally {
            Transaction.unlock(port);
        }
    }

    /** Returns the exit code of the agent for an exception of {@link #run}: 70 if something has changed, otherwise 77. */
    public static int exitCode(Throwable failure) {
        return failure instanceof DivergenceException ? Broadcast.DIVERGED_EXIT : 77;
    }

    private DropResult run(FixUps fixUps) {
        if (program.size() == 0) {
            Pollers.refuse(all, steps, RingGuard.rings());
            return DropResult.unchanged(before.tasks, warnings());
        }
        YoungChildren young = YoungChildren.find(port, steps); // most will be there when the trial is over
        Preflight preflight = new Preflight(port, spec, before, steps);
        List<String> warnings = rehearse(preflight);
        preflight.await(young);
        BroadcastReport report = change(preflight, fixUps);
        return new Verification(port, steps, program, report).result(before.tasks, preflight, warnings);
    }

    /** After the trial: what is given here needs the privileges, and must not be given for a drop that cannot be. */
    private BroadcastReport change(Preflight preflight, FixUps fixUps) {
        boolean changed = false;
        try {
            if (spec.uid != null) {
                fixUps.giveFiles(
                        spec.uid, spec.gid == null ? before.credentials.get(0).effectiveGid() : spec.gid);
            }
            preflight.confine();
            BroadcastReport report = broadcast();
            changed = true;
            return report;
        } finally {
            if (!changed) {
                fixUps.takeBack();
            }
        }
    }

    private BroadcastReport broadcast() {
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
        return report;
    }

    /** Returns what is allowed, but worth knowing. */
    List<String> rehearse() {
        return program.size() == 0 ? warnings() : rehearse(new Preflight(port, spec, before, steps));
    }

    private List<String> rehearse(Preflight preflight) {
        preflight.refuse(all);
        List<String> warnings = warnings();
        if (!Rehearsal.run(port, program, new Regain(spec, permitted()))) {
            warnings.add(Rehearsal.REGAIN_NOT_TRIED);
        }
        steps.refuseTasksThatDiffer();
        preflight.refuseWaysOut();
        return warnings;
    }

    private List<String> warnings() {
        List<String> warnings = Warnings.of(spec, permitted(), !spec.keyringAsked || KeyringStep.reachable(before));
        if (shortfall != null) {
            warnings.add(0, shortfall.warning());
        }
        return warnings;
    }

    private long permitted() {
        return spec.capabilities == null ? before.permitted() : spec.capabilities;
    }
}

package dev.psx.agent.install;

import dev.psx.DivergenceException;
import dev.psx.Task;
import dev.psx.agent.bootstrap.AgentFailure;
import dev.psx.drop.CheckedDrop;
import dev.psx.drop.DropResult;
import dev.psx.drop.DropSpec;
import dev.psx.drop.DropTransaction;
import dev.psx.drop.OutsideProcess;
import dev.psx.spi.ProcessEnd;
import java.util.function.Function;

/** The drop that the options configure, with the agent's own access to the engine. */
final class DropJob {

    private final Function<Object[], Object> engine;
    private final DropSpec spec;
    private final String user;
    private volatile boolean dropped;
    private CheckedDrop begun;

    DropJob(Function<Object[], Object> engine, DropSpec spec, String user) {
        this.engine = engine;
        this.spec = spec;
        this.user = user;
    }

    /**
     * Whether the state holds on every task, whoever has brought it about.
     *
     * @throws AgentFailure if the tasks cannot be read
     */
    boolean holds() {
        try {
            dropped = dropped || DropTransaction.holds(engine, spec);
        } catch (RuntimeException e) {
            throw failure(e);
        }
        return dropped;
    }

    /** Whether {@link #holds} or {@link #run} has found or made it so. */
    boolean dropped() {
        return dropped;
    }

    /**
     * Tries the drop where it changes nothing.
     *
     * @throws AgentFailure if it would fail
     */
    void rehearse() {
        try {
            DropTransaction.rehearse(engine, spec);
        } catch (RuntimeException e) {
            throw failure(e);
        }
    }

    /** Begins with the checks of {@link #run}, which comes next: they take about as long as the installation of the hooks. */
    void begin() {
        begun = CheckedDrop.begin(engine, spec);
    }

    /**
     * Drops, or finds that nothing is left to drop. Ends the process if tasks have diverged.
     *
     * @throws AgentFailure if nothing has changed
     */
    void run() {
        DropResult result;
        try {
            CheckedDrop drop = begun == null ? CheckedDrop.begin(engine, spec) : begun;
            begun = null;
            result = drop.run();
        } catch (DivergenceException e) {
            throw end(e);
        } catch (RuntimeException e) {
            throw failure(e);
        }
        dropped = true;
        Log.info(success(result));
        for (String warning : result.warnings()) {
            Log.warn(Log.oneLine(warning));
        }
        for (String note : result.notes()) {
            Log.info(Log.oneLine("note: " + note));
        }
        for (OutsideProcess process : result.outside()) {
            Log.warn(Log.oneLine("the drop did not reach " + process));
        }
        for (Task task : result.pending()) {
            Log.warn("task " + task.tid() + " (" + task.comm()
                    + ") is still inside the kernel; it changes before it runs any code of its own");
        }
    }

    private String success(DropResult result) {
        String who = user == null ? "" : " as " + user;
        if (!result.changed()) {
            return "nothing to drop: all " + result.tasks() + " tasks run" + who
                    + " with no more than the options allow";
        }
        String micros = Long.toString(1_000_000 + result.pauseNanos() / 1000 % 1_000_000);
        String pause = result.pauseNanos() / 1_000_000 + "." + micros.substring(micros.length() - 3);
        return "privileges dropped: all " + result.tasks() + " tasks " + (user == null ? "are changed" : "run" + who)
                + ", verified; they were held for " + pause + " ms";
    }

    private static AgentFailure failure(RuntimeException e) {
        Log.trace(e);
        for (Throwable beside : e.getSuppressed()) {
            Log.warn(Log.oneLine(String.valueOf(beside.getMessage())));
        }
        return new AgentFailure(
                AgentFailure.NOT_CHANGED, Log.oneLine(e.getMessage() == null ? e.toString() : e.getMessage()), e);
    }

    /** Nobody can tell which task is still privileged: no task may run on. */
    private static RuntimeException end(DivergenceException e) {
        Log.trace(e);
        ProcessEnd.now(AgentFailure.DIVERGED, Log.oneLine(e.getMessage()));
        return e;
    }
}

package dev.psx.drop;

import dev.psx.check.Subject;
import dev.psx.spi.Program;
import dev.psx.spi.Rings;
import dev.psx.spi.TaskSnapshot;
import java.io.IOException;
import java.nio.file.Paths;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Internal: the drop of another process, judged by looking at that: what its preflight would refuse, as far as it can be seen, what
 * the trial gives, and what the drop would warn of. Nothing changes there.
 */
public final class OtherDrop {

    private final Function<Object[], Object> port;
    private final DropSpec spec;
    private final Shortfall shortfall;
    private final List<TaskSnapshot> all;
    private final List<TaskSnapshot> tasks;
    private final Before before;
    private final DropSteps steps;
    private final LookedAt process;

    /** @param all every task, also kernel workers and dead ones */
    public OtherDrop(Function<Object[], Object> port, DropSpec spec, int pid, Subject subject, List<TaskSnapshot> all) {
        this.port = port;
        this.all = all;
        this.tasks = TaskSnapshot.takingPart(all);
        this.before = Before.elsewhereOf(tasks);
        this.shortfall = Shortfall.of(spec, before);
        this.spec = shortfall == null ? spec : shortfall.reduced(spec);
        this.steps = new DropSteps(this.spec, before);
        this.process = LookedAt.other(port, pid, subject);
    }

    /**
     * Tries it.
     *
     * @param becoming gives a process of ours the state of that one
     * @param drop the calls that it would make
     */
    public CheckResult check(Program becoming, Program drop) {
        try {
            refuse(drop);
            List<String> warnings = Warnings.of(spec, permitted(), true);
            if (shortfall != null) {
                warnings.add(0, shortfall.warning());
            }
            if (drop.size() > 0 && !Rehearsal.run(port, becoming, new Regain(spec, permitted()))) {
                warnings.add(Rehearsal.REGAIN_NOT_TRIED);
            }
            return CheckResult.feasible(drop, warnings);
        } catch (RuntimeException e) {
            return CheckResult.failed(drop, e);
        }
    }

    private void refuse(Program drop) {
        Map<Integer, Integer> rings = rings();
        if (drop.size() > 0) {
            DescriptorLimit.refuse(spec, process.task(tasks.get(0).tid()) + "/fd");
            RingGuard.refuseAny(spec.rings, rings);
            steps.refuseTasksThatDiffer();
        }
        Pollers.refuse(all, steps, rings);
        if (steps.newRoot() != null) {
            Kcmp kcmp = new Kcmp(port, caller());
            new Roots(process, tasks, kcmp).refuse(steps.newRoot());
            OpenDirectories.refuse(process, steps.newRoot(), Preflight.withDescriptors(kcmp, tasks));
        }
    }

    private Map<Integer, Integer> rings() {
        try {
            return Rings.of(Paths.get(process.task(tasks.get(0).tid())));
        } catch (IOException e) {
            return Collections.emptyMap(); // it ends, which will be noticed
        }
    }

    /** Nobody knows which task is going to make the drop: one that shares its directories with most others. */
    private int caller() {
        for (TaskSnapshot task : tasks) {
            Kcmp kcmp = new Kcmp(port, task.tid());
            int shared = 0;
            for (TaskSnapshot other : tasks) {
                shared += kcmp.shares(other.tid(), Kcmp.FS) ? 1 : 0;
            }
            if (2 * shared > tasks.size()) {
                return task.tid();
            }
        }
        return tasks.get(0).tid();
    }

    private long permitted() {
        return spec.capabilities == null ? before.permitted() : spec.capabilities;
    }
}

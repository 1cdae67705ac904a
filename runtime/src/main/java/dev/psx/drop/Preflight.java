package dev.psx.drop;

import dev.psx.spi.TaskSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Internal: what must be out of the way before a drop may begin, and what is left to be done when it is over. */
final class Preflight {

    private final Function<Object[], Object> port;
    private final DropSpec spec;
    private final Before before;
    private final DropSteps steps;
    private final RingGuard rings;
    private final Kcmp kcmp;
    private final LookedAt process;
    private OutsideProcesses processes;
    private boolean confined = true;
    private WaysOut waysOut;

    Preflight(Function<Object[], Object> port, DropSpec spec, Before before, DropSteps steps) {
        this.port = port;
        this.spec = spec;
        this.before = before;
        this.steps = steps;
        this.rings = new RingGuard(port, spec.rings, steps.exceededBy(before.credentials));
        this.kcmp = new Kcmp(port);
        this.process = LookedAt.self(port);
    }

    /**
     * Checks that nothing would be a way around the drop.
     *
     * @throws dev.psx.UnreachableException if an io_uring poller would keep the old credentials
     * @throws IllegalStateException if there is another way
     */
    void refuse(List<TaskSnapshot> all) {
        DescriptorLimit.refuse(spec, process.directory() + "/fd");
        Pollers.refuse(all, steps, RingGuard.rings());
        rings.refuse();
        if (steps.newRoot() != null) {
            new Roots(process, before.tasks, kcmp).refuse(steps.newRoot());
        }
    }

    /**
     * Checks that no open directory would lead out of the new root; when it is known that there can be one.
     *
     * @throws IllegalStateException if one would
     */
    void refuseWaysOut() {
        String root = steps.newRoot();
        if (root != null) {
            OpenDirectories.refuse(process, root, withDescriptors(kcmp, before.tasks));
        }
    }

    /** Tasks that between them have all descriptors: nearly always one. */
    static List<Integer> withDescriptors(Kcmp kcmp, List<TaskSnapshot> tasks) {
        List<Integer> tids = new ArrayList<>();
        tids.add(kcmp.own);
        for (TaskSnapshot task : tasks) {
            if (!kcmp.shares(task.tid(), Kcmp.FILES)) {
                tids.add(task.tid());
            }
        }
        return tids;
    }

    /** Waits for children that were started just before. */
    void await(YoungChildren young) {
        processes = OutsideProcesses.before(kcmp, young.await());
    }

    /** Makes the engine's own directory harmless as long as there is the privilege to do it well. */
    void confine() {
        if (steps.newRoot() != null) {
            waysOut = new WaysOut(port);
            confined = (Long) port.apply(new Object[] {"confine"}) == 0;
        }
    }

    /**
     * Finishes what can only be done when the drop is over.
     *
     * @return what is worth knowing
     * @throws IllegalStateException if a ring may still have credentials of before, or a directory is a way out
     */
    List<String> finish() {
        List<String> notes = new ArrayList<>();
        long forgotten = rings.forget();
        if (forgotten > 0) {
            notes.add(forgotten + " credentials registered with io_uring rings were unregistered");
        }
        if (!confined && (Long) port.apply(new Object[] {"reopen"}) < 0) {
            notes.add(
                    "there is no /proc inside the new root directory, and without CAP_SYS_ADMIN the old one could not be kept"
                            + " safely: no broadcast is possible any more");
        }
        if (waysOut != null) {
            waysOut.refuse();
        }
        return notes;
    }

    /** Processes with more than the drop leaves. */
    List<OutsideProcess> processes() {
        return processes.exceeding(steps);
    }
}

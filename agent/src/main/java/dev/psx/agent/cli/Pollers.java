package dev.psx.agent.cli;

import dev.psx.spi.Rings;
import dev.psx.spi.TaskKinds;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells io_uring's pollers from other kernel workers. Both carry the same flags, and any thread of the process can rename them:
 * so the rings are asked too which task polls them, and the name convicts a task but never acquits it.
 */
final class Pollers {

    private static final String NAME = "iou-sqp-";

    private Pollers() {}

    static Set<Integer> find(ProcessFiles files, Collection<ProcessFiles.RawTask> tasks) {
        Set<Integer> workers = new HashSet<>();
        Set<Integer> pollers = new HashSet<>();
        for (ProcessFiles.RawTask task : tasks) {
            if (TaskKinds.kernel(task.flags)) {
                workers.add(task.status.tid());
                if (task.status.name().startsWith(NAME)) {
                    pollers.add(task.status.tid());
                }
            }
        }
        if (!workers.isEmpty()) {
            Set<Integer> named = namedByRings(files, tasks);
            named.retainAll(workers);
            pollers.addAll(named);
        }
        return pollers;
    }

    private static Set<Integer> namedByRings(ProcessFiles files, Collection<ProcessFiles.RawTask> tasks) {
        for (ProcessFiles.RawTask task : tasks) {
            if (task.status.dead() || TaskKinds.kernel(task.flags)) {
                continue;
            }
            try {
                return Rings.pollers(files.task(task.status.tid()));
            } catch (IOException e) {
                continue; // the task has ended: the next one has the same files
            }
        }
        return Collections.emptySet();
    }
}

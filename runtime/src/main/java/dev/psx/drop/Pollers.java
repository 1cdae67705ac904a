package dev.psx.drop;

import dev.psx.Task;
import dev.psx.UnreachableException;
import dev.psx.spi.TaskSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Internal: finds io_uring's threads that poll a submission queue (IORING_SETUP_SQPOLL). Such a thread acts with the credentials
 * of the moment it was made, whoever fills the queue: it would be a way around the drop, and no signal reaches it. io_uring's
 * other workers act with the credentials of the task that submitted the request.
 */
final class Pollers {

    /**
     * Looked at only for tasks that carry a kernel worker's flags. Any thread may have renamed the worker: so the name convicts
     * it, but does not acquit it.
     */
    private static final String NAME = "iou-sqp";

    private Pollers() {}

    /**
     * Checks that no poller would keep more than the drop leaves to others.
     *
     * @throws UnreachableException if there is one
     */
    static void refuse(List<TaskSnapshot> all, DropSteps steps) {
        List<Task> pollers = exceeding(all, steps);
        if (!pollers.isEmpty()) {
            throw new UnreachableException(
                    "the drop was not begun: the io_uring poller " + ((TaskSnapshot) pollers.get(0)).label()
                            + ring(pollers.get(0).tid())
                            + " would keep the old credentials and use them for every thread; have the application close its"
                            + " rings first, or make them without IORING_SETUP_SQPOLL; nothing has changed",
                    pollers);
        }
    }

    /** Returns the pollers that have more than the drop leaves to others. */
    static List<Task> exceeding(List<TaskSnapshot> all, DropSteps steps) {
        List<TaskSnapshot> workers = new ArrayList<>();
        for (TaskSnapshot task : all) {
            if (task.kind() == Task.Kind.KERNEL && !task.dead() && steps.exceeds(task.credentials())) {
                workers.add(task);
            }
        }
        return workers.isEmpty() ? Collections.<Task>emptyList() : among(workers);
    }

    private static List<Task> among(List<TaskSnapshot> workers) {
        Collection<Integer> named = RingGuard.rings().values();
        List<Task> pollers = new ArrayList<>();
        for (TaskSnapshot worker : workers) {
            if (worker.comm().startsWith(NAME) || named.contains(worker.tid())) {
                pollers.add(worker);
            }
        }
        return pollers;
    }

    private static String ring(int poller) {
        for (Map.Entry<Integer, Integer> ring : RingGuard.rings().entrySet()) {
            if (ring.getValue() == poller) {
                return ", which belongs to descriptor " + ring.getKey() + ",";
            }
        }
        return "";
    }
}

package dev.psx.drop;

import dev.psx.Credentials;
import dev.psx.Task;
import dev.psx.UnreachableException;
import dev.psx.spi.ProcText;
import dev.psx.spi.TaskSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
     * @param rings the rings of the process, each with the task that polls it
     * @throws UnreachableException if there is one
     */
    static void refuse(List<TaskSnapshot> all, DropSteps steps, Map<Integer, Integer> rings) {
        List<Task> pollers = exceeding(all, steps, rings);
        if (!pollers.isEmpty()) {
            throw new UnreachableException(
                    "the drop was not begun: the io_uring poller " + ((TaskSnapshot) pollers.get(0)).label()
                            + ring(pollers.get(0).tid(), rings)
                            + " would keep the old credentials and use them for every thread; have the application close its"
                            + " rings first, or make them without IORING_SETUP_SQPOLL; nothing has changed",
                    pollers);
        }
        refuseForeign(all, steps, rings);
    }

    /**
     * A ring that another process has made, and handed over or passed on, is polled by a thread of that one, with its credentials.
     * In a pid namespace the kernel gives a poller's number as it is outside: then the own ones are told by their names.
     */
    private static void refuseForeign(List<TaskSnapshot> all, DropSteps steps, Map<Integer, Integer> rings) {
        Set<Integer> strangers = new HashSet<>(rings.values());
        int unmatched = 0;
        for (TaskSnapshot task : all) {
            boolean known = strangers.remove(task.tid());
            boolean poller = task.kind() == Task.Kind.KERNEL
                    && !task.dead()
                    && task.comm().startsWith(NAME);
            unmatched += poller && !known ? 1 : 0;
        }
        strangers.removeIf(poller -> poller <= 0);
        if (strangers.size() <= unmatched) {
            return;
        }
        for (Map.Entry<Integer, Integer> ring : rings.entrySet()) {
            if (strangers.contains(ring.getValue()) && mayExceed(ring.getValue(), all, steps)) {
                throw new IllegalStateException("the drop was not begun: descriptor " + ring.getKey()
                        + " is an io_uring ring of another process, whose poller " + ring.getValue()
                        + " has more than the drop leaves and would use it for every thread; close it first; nothing has"
                        + " changed");
            }
        }
    }

    /** One that cannot be looked at counts as having what the tasks here have now. */
    private static boolean mayExceed(int poller, List<TaskSnapshot> all, DropSteps steps) {
        String status = ProcText.read("/proc/" + poller + "/status");
        if (status != null && status.startsWith("Name:\t" + NAME)) {
            return steps.exceeds(Credentials.parse(status));
        }
        for (TaskSnapshot task : all) {
            if (steps.exceeds(task.credentials())) {
                return true;
            }
        }
        return false;
    }

    /** Returns the pollers that have more than the drop leaves to others. */
    static List<Task> exceeding(List<TaskSnapshot> all, DropSteps steps, Map<Integer, Integer> rings) {
        List<TaskSnapshot> workers = new ArrayList<>();
        for (TaskSnapshot task : all) {
            if (task.kind() == Task.Kind.KERNEL && !task.dead() && steps.exceeds(task.credentials())) {
                workers.add(task);
            }
        }
        return workers.isEmpty() ? Collections.<Task>emptyList() : among(workers, rings.values());
    }

    private static List<Task> among(List<TaskSnapshot> workers, Collection<Integer> named) {
        List<Task> pollers = new ArrayList<>();
        for (TaskSnapshot worker : workers) {
            if (worker.comm().startsWith(NAME) || named.contains(worker.tid())) {
                pollers.add(worker);
            }
        }
        return pollers;
    }

    private static String ring(int poller, Map<Integer, Integer> rings) {
        for (Map.Entry<Integer, Integer> ring : rings.entrySet()) {
            if (ring.getValue() == poller) {
                return ", which belongs to descriptor " + ring.getKey() + ",";
            }
        }
        return "";
    }
}

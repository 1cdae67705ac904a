package dev.psx.spi;

import dev.psx.Task;
import dev.psx.UnreachableException;
import java.util.ArrayList;
import java.util.List;

/**
 * Internal: finds io_uring's threads that poll a submission queue (IORING_SETUP_SQPOLL). Such a thread acts with the credentials
 * of the moment it was made, whoever fills the queue: it would be a way around the drop, and no signal reaches it. io_uring's
 * other workers act with the credentials of the task that submitted the request.
 */
final class Pollers {

    /** Looked at only for tasks that carry a kernel worker's flags: any other thread may choose any name. */
    private static final String NAME = "iou-sqp";

    private Pollers() {}

    /**
     * Checks that no poller would keep more than the drop leaves to others.
     *
     * @throws UnreachableException if there is one
     */
    static void refuse(List<TaskSnapshot> all, DropSteps steps) {
        List<Task> pollers = new ArrayList<>();
        for (TaskSnapshot task : all) {
            boolean poller = task.kind() == Task.Kind.KERNEL
                    && !task.dead()
                    && task.comm().startsWith(NAME);
            if (poller && steps.exceeds(task.credentials())) {
                pollers.add(task);
            }
        }
        if (!pollers.isEmpty()) {
            throw new UnreachableException(
                    "the drop was not begun: the io_uring poller " + ((TaskSnapshot) pollers.get(0)).label()
                            + " would keep the old credentials and use them for every thread; have the application close its"
                            + " rings first, or make them without IORING_SETUP_SQPOLL; nothing has changed",
                    pollers);
        }
    }
}

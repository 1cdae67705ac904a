package dev.psx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Some task could not be brought to take part, so no task ran anything: nothing has changed.
 *
 * <p>The message names each such task, says why it did not come and what to do about it.
 */
public class UnreachableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Task> tasks;

    /**
     * Creates an exception.
     *
     * @param message what {@link #getMessage()} returns
     * @param tasks what {@link #tasks()} returns; copied
     */
    public UnreachableException(String message, List<Task> tasks) {
        super(message);
        this.tasks = Collections.unmodifiableList(new ArrayList<>(tasks));
    }

    /**
     * Returns the tasks that could not be reached.
     *
     * @return one entry for each that still exists; unmodifiable. Empty if no task but the exec lock was the obstacle, and after
     *     deserialisation
     */
    public List<Task> tasks() {
        return tasks == null ? Collections.<Task>emptyList() : tasks;
    }
}

package dev.psx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tasks of this process do not all have the state that was asked for: a call gave different results, or a drop did not
 * verify. Something <em>has</em> changed. The process should end; it cannot tell which of its threads is still privileged.
 *
 * <p>The message names the tasks that differ and how.
 *
 * @see Divergence
 */
public class DivergenceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Map<Task, Long> results;

    /**
     * Creates an exception.
     *
     * @param message what {@link #getMessage()} returns
     * @param results what {@link #results()} returns; copied
     * @param cause why the outcome is not known, or null
     */
    public DivergenceException(String message, Map<Task, Long> results, Throwable cause) {
        super(message, cause);
        this.results = Collections.unmodifiableMap(new LinkedHashMap<>(results));
    }

    /**
     * Returns what the call gave on each task.
     *
     * @return the raw result by task: 0 or more, or the negative error number (-1 is EPERM). Tasks that ended meanwhile, and
     *     tasks that are still inside the kernel and run the call later, are left out. Unmodifiable; empty if the calls agreed
     *     but the state afterwards did not, and after deserialisation
     */
    public Map<Task, Long> results() {
        return results == null ? Collections.<Task, Long>emptyMap() : results;
    }
}

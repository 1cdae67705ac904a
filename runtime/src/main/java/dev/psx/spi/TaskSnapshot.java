package dev.psx.spi;

import dev.psx.Credentials;
import dev.psx.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Internal: one task as the engine's port describes it. */
public final class TaskSnapshot implements Task {

    private static final int READS = 5;
    private static final String STATE = "\nState:\t";
    private static final String UMASK = "\nUmask:\t";

    private final int tid;
    private final boolean registered;
    private final int flags;
    private final Long javaId;
    private final ThreadIndex threads;
    private final String comm;
    private final boolean dead;
    private final Credentials credentials;
    private final Integer umask;

    private TaskSnapshot(Object[] row, ThreadIndex threads) {
        int[] numbers = (int[]) row[0];
        this.tid = numbers[0];
        this.registered = numbers[1] != 0;
        this.flags = numbers[2];
        this.javaId = (Long) row[1];
        this.threads = threads;
        this.comm = ((String) row[2]).trim();
        String status = (String) row[3];
        this.dead = dead(status) || TaskKinds.exiting(flags);
        this.credentials = Credentials.parse(status);
        this.umask = umask(status);
    }

    /**
     * Returns a task of another process.
     *
     * @param status the text of its status file
     * @param flags as its stat file has them
     */
    public static TaskSnapshot ofOther(String status, int flags) {
        StatusFile file = StatusFile.parse(status);
        Object[] row = {new int[] {file.tid(), 0, flags}, null, file.name(), status};
        return new TaskSnapshot(row, null);
    }

    /** Returns every task of this process, also kernel workers and dead ones, in the order of the port. */
    public static List<TaskSnapshot> all(Function<Object[], Object> port) {
        for (int read = 1; ; read++) {
            try {
                return read(port);
            } catch (IllegalArgumentException e) {
                // The file of a task that ends while it is read may be cut short. The next listing does not have that
                // task.
                if (read == READS) {
                    throw new IllegalStateException(
                            "the kernel's description of the tasks cannot be read: " + e.getMessage(), e);
                }
            }
        }
    }

    /**
     * Returns those that are expected to take part in broadcasts.
     *
     * @throws IllegalStateException if there are none
     */
    public static List<TaskSnapshot> takingPart(List<TaskSnapshot> all) {
        List<TaskSnapshot> some = new ArrayList<>();
        for (TaskSnapshot task : all) {
            if (task.takesPart()) {
                some.add(task);
            }
        }
        if (some.isEmpty()) {
            throw new IllegalStateException("no task of this process can be seen: is /proc hidden?");
        }
        return some;
    }

    /** Returns every task of this process by its number. */
    static Map<Integer, TaskSnapshot> byTid(Function<Object[], Object> port) {
        Map<Integer, TaskSnapshot> byTid = new HashMap<>();
        for (TaskSnapshot task : all(port)) {
            byTid.put(task.tid, task);
        }
        return byTid;
    }

    private static List<TaskSnapshot> read(Function<Object[], Object> port) {
        Object[] rows = (Object[]) port.apply(new Object[] {"tasks"});
        ThreadIndex threads = new ThreadIndex();
        List<TaskSnapshot> tasks = new ArrayList<>(rows.length);
        for (Object row : rows) {
            tasks.add(new TaskSnapshot((Object[]) row, threads));
        }
        return Collections.unmodifiableList(tasks);
    }

    private static boolean dead(String status) {
        int at = status.indexOf(STATE) + STATE.length();
        if (at < STATE.length() || at >= status.length()) {
            throw new IllegalArgumentException("no line State in a status file");
        }
        return "ZXx".indexOf(status.charAt(at)) >= 0;
    }

    private static Integer umask(String status) {
        int at = status.indexOf(UMASK) + UMASK.length();
        return at < UMASK.length() ? null : Integer.valueOf(status.substring(at, status.indexOf('\n', at)), 8);
    }

    @Override
    public int tid() {
        return tid;
    }

    @Override
    public String comm() {
        return comm;
    }

    @Override
    public Optional<Thread> thread() {
        return javaId == null ? Optional.<Thread>empty() : Optional.ofNullable(threads.find(javaId));
    }

    @Override
    public boolean registered() {
        return registered;
    }

    @Override
    public Kind kind() {
        return TaskKinds.of(registered, flags, comm);
    }

    @Override
    public Credentials credentials() {
        return credentials;
    }

    /** The bits that files made by this task lack; null before Linux 4.7. */
    public Integer umask() {
        return umask;
    }

    /** Whether the task runs no user code any more and is only still listed, as the leader whose main thread has returned. */
    public boolean dead() {
        return dead;
    }

    /** Whether the task is expected to take part in broadcasts: it lives, and runs user code. */
    public boolean takesPart() {
        return !dead && !TaskKinds.kernel(flags);
    }

    /** Tells whether the task has ended since it was read, or is about to: what cannot be told of it then does not matter. */
    public boolean hasEnded(Function<Object[], Object> port) {
        for (TaskSnapshot task : all(port)) {
            if (task.tid == tid) {
                return !task.takesPart();
            }
        }
        return true;
    }

    boolean runs(Thread thread) {
        return javaId != null && javaId == thread.getId();
    }

    /** How messages name a task, which is null if it has ended meanwhile. */
    static String label(TaskSnapshot task, int tid) {
        return task == null ? "task " + tid : task.label();
    }

    /** How messages name the task. */
    public String label() {
        return "task " + tid + " (" + comm + ")";
    }

    @Override
    public String toString() {
        return label() + " " + kind() + (registered ? " registered " : " unregistered ") + credentials;
    }
}

package dev.psx.agent.cli;

import dev.psx.Credentials;
import dev.psx.Task;
import dev.psx.spi.StatusFile;
import dev.psx.spi.TaskKinds;

/** One task as it is shown. */
final class TaskRow {

    private final StatusFile status;
    private final Credentials credentials;
    private final boolean registered;
    private final String thread;
    private final Task.Kind kind;
    private final boolean poller;
    private final boolean exiting;

    TaskRow(ProcessFiles.RawTask task, boolean registered, String thread, boolean poller) {
        this.status = task.status;
        this.credentials = task.credentials;
        this.registered = registered;
        this.thread = thread;
        this.kind = kind(task.flags, registered, status.name(), thread);
        this.poller = poller;
        this.exiting = TaskKinds.exiting(task.flags);
    }

    int tid() {
        return status.tid();
    }

    StatusFile status() {
        return status;
    }

    Credentials credentials() {
        return credentials;
    }

    boolean registered() {
        return registered;
    }

    /** The Java thread's name, or null. */
    String thread() {
        return thread;
    }

    Task.Kind kind() {
        return kind;
    }

    /** Whether it is an io_uring poller, which uses its own credentials for the requests of every task. */
    boolean poller() {
        return poller;
    }

    /**
     * Whether the verdict is about this task. Dead tasks do nothing any more; kernel workers act with the credentials of the
     * task they work for, all but pollers.
     */
    boolean counts() {
        return !status.dead() && !exiting && (kind != Task.Kind.KERNEL || poller);
    }

    /** How the task is named in a sentence. */
    String label() {
        String name = status.tid() + " " + Text.plain(status.name());
        return thread == null || thread.equals(status.name()) ? name : name + " (\"" + Text.plain(thread) + "\")";
    }

    private static Task.Kind kind(int flags, boolean registered, String comm, String thread) {
        Task.Kind kind = TaskKinds.of(registered, flags, comm);
        return kind == Task.Kind.NATIVE && thread != null ? Task.Kind.JAVA : kind;
    }
}

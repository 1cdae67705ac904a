package dev.psx;

import java.util.Locale;
import java.util.Optional;

/**
 * One task of this process at one moment. A task is what Linux schedules and gives credentials to: every Java platform thread is
 * one, and so are the threads of the garbage collector, the compilers and native libraries. Virtual threads are not.
 *
 * <p>Immutable; two snapshots of one task are not equal. {@code toString()} gives the numbers, the names and the credentials.
 *
 * @see Psx#tasks()
 */
public interface Task {

    /** What a task is for. */
    enum Kind {
        /** A Java platform thread that the thread table knows. */
        JAVA,

        /** A thread of the JVM itself that runs no Java code, told by the native name HotSpot gives it. For display only. */
        VM,

        /** A thread of a native library, or one that the thread table does not know. */
        NATIVE,

        /**
         * A worker of the kernel that is listed among the process's tasks, told by the kernel's own flags. It runs no user code
         * and takes no part in broadcasts.
         */
        KERNEL;

        /**
         * Returns the kind as {@code status --json} spells it.
         *
         * @return the name in lower case
         */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Returns the kernel's number of this task.
     *
     * @return the number that gettid(2) gives in the task itself. The kernel uses it again once the task has ended
     */
    int tid();

    /**
     * Returns the native name.
     *
     * @return at most 15 bytes, see {@code /proc/PID/task/TID/comm} in proc(5). Any thread may choose any name
     */
    String comm();

    /**
     * Returns the Java thread that this task runs.
     *
     * @return the thread, or empty if the task runs none, is not registered, or had ended when it was looked for
     */
    Optional<Thread> thread();

    /**
     * Tells whether the thread table holds this task.
     *
     * @return true for Java threads, from before their first line of code until their end
     */
    boolean registered();

    /**
     * Tells what this task is for.
     *
     * @return the kind
     */
    Kind kind();

    /**
     * Returns what this task may do.
     *
     * @return the credentials when the snapshot was taken
     */
    Credentials credentials();
}

package dev.psx;

import dev.psx.spi.Access;
import dev.psx.spi.Broadcast;
import dev.psx.spi.DivergencePolicy;
import dev.psx.spi.Program;
import dev.psx.spi.Syscalls;
import dev.psx.spi.TaskSnapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Makes any system call on every task of this process: Java threads, the JVM's own threads, threads of native libraries and tasks
 * that no library knows.
 *
 * <p>What a broadcast promises:
 *
 * <ul>
 *   <li>Every other task is first stopped without having run anything. If one does not come, all are let go and
 *       {@link UnreachableException} is thrown: nothing has changed.
 *   <li>Then the calling task makes the call. If it fails, all are let go and {@link ErrnoException} is thrown: nothing has
 *       changed.
 *   <li>Otherwise every other task makes it exactly once, before any further code of its own. No task runs user code in the old
 *       state once some task has run user code in the new one.
 *   <li>If the results differ, it happens what {@link #onDivergence} says.
 *   <li>It never hangs: gathering the tasks is tried for a bounded time, and no task is held longer than a bounded pause.
 *   <li>Under the agent no thread is being created by Java code and no child process is between fork and exec meanwhile. Without
 *       the agent a child that is being started may still run its program in the old state, unless its creator holds
 *       {@link ExecLock}.
 * </ul>
 *
 * <p>Calls that do not return, that create tasks or programs, or that change what the return from a signal restores cannot be
 * broadcast and are refused with IllegalArgumentException: exit, exit_group, pause, rt_sigsuspend; clone, clone3, fork, vfork,
 * execve, execveat, io_uring_setup, io_uring_enter; rt_sigreturn, rt_sigprocmask, sigaltstack, restart_syscall; rt_sigaction and
 * rt_sigtimedwait, which can take the broadcast's own signal away; set_thread_area and the options of arch_prctl, prctl and
 * seccomp that replace thread-local storage, vector lengths, pointer keys or shadow stacks, divert system calls or switch on
 * seccomp's strict mode; and numbers of the x32 ABI.
 *
 * <p>All methods may be called by any thread at any time. Where {@link #isAvailable()} is false every other method but
 * {@link #unavailabilityCause()} throws IllegalStateException with that cause. Under a SecurityManager they need
 * {@code RuntimePermission("dev.psx.broadcast")}. Under the agent with {@code api=off} those that broadcast throw
 * SecurityException.
 */
public final class Psx {

    private Psx() {}

    /**
     * Tells whether broadcasts are possible in this JVM. Starts the engine if it is not at work yet.
     *
     * @return false on another system than Linux on x86-64 or aarch64, and where the engine cannot be loaded or started
     */
    public static boolean isAvailable() {
        return unavailabilityCause() == null;
    }

    /**
     * Returns why broadcasts are not possible. Starts the engine if it is not at work yet.
     *
     * @return the cause, whose message names the remedy, or null if {@link #isAvailable()} is true
     */
    public static Throwable unavailabilityCause() {
        return Access.unavailabilityCause();
    }

    /**
     * Makes a system call with up to three arguments on every task.
     *
     * @param nr the number of the call on this architecture, see syscalls(2)
     * @param a1 the first argument; what a pointer refers to must stay valid, also for a task that is still inside the kernel and
     *     makes the call when it leaves it
     * @param a2 the second argument
     * @param a3 the third argument; the others are 0
     * @return the result of the calling task, 0 or more
     * @throws ErrnoException if the call failed on the calling task: nothing has changed
     * @throws UnreachableException if some task could not be gathered: nothing has changed
     * @throws DivergenceException if some task had another result and the policy is {@link Divergence#THROW}
     * @throws IllegalArgumentException if the call cannot be broadcast
     * @throws IllegalStateException if there is no engine, or it cannot work: nothing has changed
     * @throws SecurityException if the caller may not broadcast
     */
    public static long allThreadsSyscall(long nr, long a1, long a2, long a3) {
        return call(nr, a1, a2, a3);
    }

    /**
     * Makes a system call with up to six arguments on every task.
     *
     * @param nr the number of the call on this architecture, see syscalls(2)
     * @param a1 the first argument; what a pointer refers to must stay valid, also for a task that is still inside the kernel and
     *     makes the call when it leaves it
     * @param a2 the second argument
     * @param a3 the third argument
     * @param a4 the fourth argument
     * @param a5 the fifth argument
     * @param a6 the sixth argument
     * @return the result of the calling task, 0 or more
     * @throws ErrnoException if the call failed on the calling task: nothing has changed
     * @throws UnreachableException if some task could not be gathered: nothing has changed
     * @throws DivergenceException if some task had another result and the policy is {@link Divergence#THROW}
     * @throws IllegalArgumentException if the call cannot be broadcast
     * @throws IllegalStateException if there is no engine, or it cannot work: nothing has changed
     * @throws SecurityException if the caller may not broadcast
     */
    public static long allThreadsSyscall6(long nr, long a1, long a2, long a3, long a4, long a5, long a6) {
        return call(nr, a1, a2, a3, a4, a5, a6);
    }

    /**
     * Lists every task of this process, registered in the thread table or not: also kernel workers, and ended tasks that are
     * still listed.
     *
     * @return a snapshot, unmodifiable; tasks that end while it is taken are left out
     * @throws IllegalStateException if there is no engine, or {@code /proc} cannot be read
     * @throws SecurityException if the caller may not look
     */
    public static List<Task> tasks() {
        return Collections.unmodifiableList(new ArrayList<Task>(Access.call(TaskSnapshot::all)));
    }

    /**
     * Chooses what happens when a broadcast call has different results on different tasks. Holds for all later calls of
     * {@link Psx} and {@link Posix} in this process that use this copy of the class. A drop of privileges that does not verify
     * is not a matter of choice: see {@link dev.psx.plan.PrivilegePlan#apply()}.
     *
     * @param policy what to do; until this method is called it is {@link Divergence#THROW}, or under the agent what its option
     *     {@code on-divergence} says, by default {@link Divergence#HALT}
     * @throws IllegalStateException if there is no engine
     * @throws SecurityException if the caller may not broadcast
     */
    public static void onDivergence(Divergence policy) {
        Objects.requireNonNull(policy, "policy");
        Access.require();
        DivergencePolicy.choose(policy);
    }

    /** The refusals come after the port: without an engine every call fails for that reason. */
    private static long call(long nr, long... arguments) {
        return Access.call(port -> {
            String refusal = Syscalls.refusal(nr, arguments[0], arguments[1]);
            if (refusal != null) {
                throw new IllegalArgumentException(Syscalls.name(nr) + " cannot be broadcast: it " + refusal);
            }
            return Broadcast.run(port, new Program().add(nr, arguments), DivergencePolicy.of(port));
        });
    }

    /** Makes one of the calls of {@link Posix}. */
    static void ids(String name, long... ids) {
        Access.call(port -> Broadcast.run(port, new Program().add(name, ids), DivergencePolicy.of(port)));
    }

    /** Makes setgroups, which takes its ids in memory. */
    static void groups(int... gids) {
        Access.call(port -> Broadcast.run(port, new Program().addGroups(gids), DivergencePolicy.of(port)));
    }
}

package dev.psx.process;

import dev.psx.cap.Capability;
import dev.psx.plan.Resource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Collects what a child shall be. What is not mentioned is as the agent's options have it for all children ({@code child-user},
 * {@code child-no-new-privs}, {@code child-ambient}), or else as in this process, except that the standard streams are pipes, all other
 * descriptors are closed, no signal is blocked, and no signal has a handler. Not for use by several threads.
 *
 * <p>The child's steps have the order of {@link LaunchStep}.
 */
public final class LauncherBuilder extends SandboxOptions<LauncherBuilder> {

    LauncherBuilder(LaunchSpec spec) {
        super(spec);
    }

    @Override
    LauncherBuilder self() {
        return this;
    }

    /**
     * The program and its arguments.
     *
     * @param words the program, as a path or as a name that is looked for in this process's PATH, and its arguments
     * @return this builder
     */
    public LauncherBuilder command(String... words) {
        return command(Arrays.asList(words));
    }

    /**
     * The program and its arguments. No shell is involved: also not where the program's file has no format that the kernel knows.
     *
     * @param words the program, as a path or as a name that is looked for in this process's PATH, and its arguments
     * @return this builder
     */
    public LauncherBuilder command(List<String> words) {
        spec.command = new ArrayList<>(words);
        return this;
    }

    /**
     * Makes the child the leader of a new session without a controlling terminal, see setsid(2).
     *
     * @return this builder
     */
    public LauncherBuilder setsid() {
        spec.setsid = true;
        return this;
    }

    /**
     * Makes the child the leader of a new process group (Go: Setpgid), see setpgid(2).
     *
     * @return this builder
     */
    public LauncherBuilder setpgid() {
        return setpgid(0);
    }

    /**
     * Puts the child into a process group (Go: Setpgid with Pgid), see setpgid(2).
     *
     * @param group an existing group of the same session; 0 for a new one
     * @return this builder
     */
    public LauncherBuilder setpgid(int group) {
        spec.pgid = Numbers.in("process group", group, 0, Integer.MAX_VALUE);
        return this;
    }

    /**
     * Makes the child's process group the terminal's foreground group (Go: Foreground with Ctty), see tcsetpgrp(3). Unless a group is
     * given it is a new one. Nobody puts this process's group back when the child has ended.
     *
     * @param terminal a descriptor of this process: the session's controlling terminal
     * @return this builder
     */
    public LauncherBuilder foreground(int terminal) {
        spec.foreground = Numbers.descriptor(terminal);
        return this;
    }

    /**
     * Makes a terminal the controlling terminal of the child's new session (Go: Setctty with Ctty), see TIOCSCTTY in ioctl_tty(2).
     * Needs {@link #setsid}. With CAP_SYS_ADMIN it is taken from the session that has it, also from this process's own.
     *
     * @param descriptor a descriptor that the child has, by its number there
     * @return this builder
     */
    public LauncherBuilder setctty(int descriptor) {
        spec.setctty = Numbers.descriptor(descriptor);
        return this;
    }

    /**
     * Detaches the child from the controlling terminal that its standard input is (Go: Noctty), see TIOCNOTTY in ioctl_tty(2).
     *
     * @return this builder
     */
    public LauncherBuilder noctty() {
        spec.noctty = true;
        return this;
    }

    /**
     * The signal that the child gets when this process ends, see PR_SET_PDEATHSIG in prctl(2). Linux sends it when the thread ends that
     * started the child: such children are started by a thread of the launcher's own, which never ends. The kernel forgets the signal if
     * the child executes a program with file capabilities, or a set-uid one.
     *
     * @param signal the signal
     * @return this builder
     */
    public LauncherBuilder pdeathsig(Signal signal) {
        return pdeathsig(signal.number());
    }

    /**
     * The signal that the child gets when this process ends, see {@link #pdeathsig(Signal)}.
     *
     * @param signal the signal's number, 1 to 64
     * @return this builder
     */
    public LauncherBuilder pdeathsig(int signal) {
        spec.pdeathsig = Signal.require(signal);
        return this;
    }

    /**
     * Has the child traced by the thread that starts it, see PTRACE_TRACEME in ptrace(2): it stops at the beginning of its program. Only
     * that thread can make it go on.
     *
     * @return this builder
     */
    public LauncherBuilder ptrace() {
        spec.ptrace = true;
        return this;
    }

    /**
     * A resource limit, see getrlimit(2). Raising a hard limit needs CAP_SYS_RESOURCE.
     *
     * @param resource which one
     * @param soft the limit that is enforced, in the resource's unit, or {@link Resource#INFINITY}
     * @param hard the limit that the child may set for itself
     * @return this builder
     * @throws IllegalArgumentException if the soft limit is above the hard limit
     */
    public LauncherBuilder limit(Resource resource, long soft, long hard) {
        if (Long.compareUnsigned(soft, hard) > 0) {
            throw new IllegalArgumentException(
                    "the soft limit of " + resource + ", " + shown(soft) + ", is above the hard limit, " + shown(hard));
        }
        spec.limits.put(resource.number(), new long[] {soft, hard});
        return this;
    }

    /**
     * The bits that are cleared in the mode of files that the child creates, see umask(2).
     *
     * @param mask 0 to 0777
     * @return this builder
     */
    public LauncherBuilder umask(int mask) {
        if (mask < 0 || mask > 0777) {
            throw new IllegalArgumentException(
                    "the umask " + Integer.toOctalString(mask) + " (octal) is not from 0 to 777; write 0027, not 27");
        }
        spec.umask = mask;
        return this;
    }

    /**
     * The nice value, see nice(2). A lower one than here needs CAP_SYS_NICE or a limit of {@link Resource#NICE}.
     *
     * @param value -20 (most processor time) to 19
     * @return this builder
     */
    public LauncherBuilder nice(int value) {
        spec.nice = Numbers.in("nice value", value, -20, 19);
        return this;
    }

    /**
     * How likely the kernel kills the child when memory runs out, see proc_pid_oom_score_adj(5). A lower value needs CAP_SYS_RESOURCE.
     *
     * @param adjustment -1000 (never) to 1000
     * @return this builder
     */
    public LauncherBuilder oomScoreAdjustment(int adjustment) {
        spec.oomScore = Numbers.in("oom score adjustment", adjustment, -1000, 1000);
        return this;
    }

    /**
     * The scheduling policy, see sched_setscheduler(2). The real-time ones need CAP_SYS_NICE or a limit of {@link Resource#RTPRIO}.
     *
     * @param policy the policy
     * @param priority 1 to 99 for {@link SchedulingPolicy#FIFO} and {@link SchedulingPolicy#RR}, otherwise 0
     * @return this builder
     */
    public LauncherBuilder scheduling(SchedulingPolicy policy, int priority) {
        boolean realTime = policy.isRealTime();
        spec.priority = Numbers.in("priority of " + policy, priority, realTime ? 1 : 0, realTime ? 99 : 0);
        spec.policy = policy;
        return this;
    }

    /**
     * How long a child may take to come to its program; then it is killed and the start has failed. Otherwise 30 s. A child may be
     * stopped by a process of its new user, or wait for a file system that does not answer; so long no broadcast can happen. The time
     * begins when all redirects are open.
     *
     * @param time more than 0
     * @param unit the time's unit
     * @return this builder
     */
    public LauncherBuilder giveUp(long time, TimeUnit unit) {
        if (time <= 0) {
            throw new IllegalArgumentException("a child needs some time to start, not " + time);
        }
        spec.giveUpNanos = unit.toNanos(time);
        return this;
    }

    /**
     * Returns the launcher. Names of users and groups are looked up here.
     *
     * @return a launcher, which later changes to this builder do not affect
     * @throws IllegalArgumentException if something is missing or contradicts something else
     * @throws IllegalStateException if a name is to be looked up and there is no engine in this process
     */
    public Launcher build() {
        LaunchSpec built = spec.copy();
        new LauncherBuilder(built).check();
        return new Launcher(built);
    }

    /**
     * Builds a launcher and starts a child with it.
     *
     * @return the child
     * @throws LaunchException if it cannot be started
     */
    public ChildProcess start() {
        return build().start();
    }

    private static String shown(long limit) {
        return limit == Resource.INFINITY ? "infinity" : Long.toUnsignedString(limit);
    }

    private void check() {
        for (String word : spec.command) {
            Texts.noNul("argument", Objects.requireNonNull(word, "a word of the command"));
        }
        if (spec.command.isEmpty() || spec.command.get(0).isEmpty()) {
            throw new IllegalArgumentException("the command is empty: give the program and its arguments");
        }
        if (spec.chroot != null && spec.command.get(0).indexOf('/') < 0) {
            throw new IllegalArgumentException(
                    "with a root directory of its own the program is not looked for: give the path that "
                            + spec.command.get(0) + " has inside " + spec.chroot);
        }
        IdentityLookup.resolve(spec.ids);
        if (spec.ambient != null && spec.bounding != null && (spec.ambient & ~spec.bounding) != 0) {
            throw new IllegalArgumentException("ambient capabilities must be in the bounding set, which lacks "
                    + Capability.list(spec.ambient & ~spec.bounding));
        }
        checkTerminal();
        checkPaths();
        checkNamespaces();
    }

    private void checkTerminal() {
        if (spec.setctty != null && spec.setctty > 2 && !spec.descriptors.containsKey(spec.setctty)) {
            throw new IllegalArgumentException("the child has no descriptor " + spec.setctty
                    + " that could be its controlling terminal: setctty takes a number that it has in the child");
        }
        if (spec.setctty != null && !spec.setsid) {
            throw new IllegalArgumentException("only a new session gets a controlling terminal: give setsid() too");
        }
        if (spec.setsid && spec.foreground != null) {
            throw new IllegalArgumentException(
                    "a new session cannot be in front of this one's terminal: setsid or foreground, not both");
        }
        if (spec.setsid && spec.pgid != null) {
            throw new IllegalArgumentException(
                    "the leader of a new session leads its process group already: setsid or setpgid, not both");
        }
        if (spec.foreground != null && spec.pgid == null) {
            spec.pgid = 0;
        }
    }
}

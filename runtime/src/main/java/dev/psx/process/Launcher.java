package dev.psx.process;

import dev.psx.spi.Access;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Starts children, with everything that Linux lets a parent decide about one: ids, groups, capabilities, namespaces, root directory,
 * session, terminal, limits, scheduling, descriptors, and what it may do. Immutable: one launcher may start any number of children, from
 * any thread.
 *
 * <pre>{@code
 * ChildProcess child = Launcher.builder("/usr/bin/convert", "in.png", "out.png")
 *         .user("nobody").noNewPrivileges(true)
 *         .namespaces(Namespace.NETWORK)
 *         .limit(Resource.CPU, 10, 10)
 *         .start();
 * }</pre>
 *
 * <p>A child is made by clone(2) in the memory of this process, as by vfork(2), and runs nothing but a list of system calls until it
 * executes its program; {@link #explain()} shows the list. If one fails, {@link LaunchException} names it, and there is no child.
 *
 * <p>What Go's {@code SysProcAttr} and {@code ProcAttr} have is found here as: {@code Chroot} {@link LauncherBuilder#chroot chroot};
 * {@code Credential} {@link LauncherBuilder#credential credential}; {@code Ptrace} {@link LauncherBuilder#ptrace ptrace}; {@code Setsid}
 * {@link LauncherBuilder#setsid setsid}; {@code Setpgid}, {@code Pgid} {@link LauncherBuilder#setpgid(int) setpgid}; {@code Setctty}
 * {@link LauncherBuilder#setctty setctty}; {@code Noctty} {@link LauncherBuilder#noctty noctty}; {@code Foreground}, {@code Ctty} {@link
 * LauncherBuilder#foreground foreground}; {@code Pdeathsig} {@link LauncherBuilder#pdeathsig(Signal) pdeathsig}; {@code Cloneflags}
 * {@link LauncherBuilder#namespaces namespaces}; {@code Unshareflags} {@link LauncherBuilder#unshare unshare}; {@code UidMappings} {@link
 * LauncherBuilder#uidMap uidMap}; {@code GidMappings} {@link LauncherBuilder#gidMap gidMap}; {@code GidMappingsEnableSetgroups} {@link
 * LauncherBuilder#allowSetgroups allowSetgroups}; {@code AmbientCaps} {@link LauncherBuilder#ambient ambient}; {@code UseCgroupFD},
 * {@code CgroupFD} {@link LauncherBuilder#cgroup(int) cgroup}; {@code UseLandlock}, {@code LandlockFD}, {@code LandlockFlags} {@link
 * LauncherBuilder#landlock landlock}; {@code NoNewPrivs} {@link LauncherBuilder#noNewPrivileges noNewPrivileges}; {@code PidFD} {@link ChildProcess#pidFd()}; {@code Dir} {@link LauncherBuilder#directory(java.io.File) directory}; {@code Env} {@link
 * LauncherBuilder#environment(java.util.Map) environment}; {@code Files} {@link LauncherBuilder#redirectInput(int) redirectInput} … and
 * {@link LauncherBuilder#descriptor descriptor}.
 */
public final class Launcher {

    final LaunchSpec spec;

    Launcher(LaunchSpec spec) {
        this.spec = spec;
    }

    /**
     * Begins with a command.
     *
     * @param command the program, as a path or as a name that is looked for in this process's PATH, and its arguments
     * @return a builder
     */
    public static LauncherBuilder builder(String... command) {
        return builder(Arrays.asList(command));
    }

    /**
     * Begins with a command.
     *
     * @param command the program, as a path or as a name that is looked for in this process's PATH, and its arguments
     * @return a builder
     */
    public static LauncherBuilder builder(List<String> command) {
        return new LauncherBuilder(new LaunchSpec()).command(command);
    }

    /**
     * Takes over a builder's command, environment, working directory and redirects. Later changes to it have no effect.
     *
     * @param builder the JDK's builder
     * @return a builder, to which what the JDK's lacks can be added
     */
    public static LauncherBuilder from(ProcessBuilder builder) {
        return builder(builder.command())
                .environment(builder.environment())
                .directory(builder.directory())
                .redirectInput(builder.redirectInput())
                .redirectOutput(builder.redirectOutput())
                .redirectError(builder.redirectError())
                .redirectErrorStream(builder.redirectErrorStream());
    }

    /**
     * Begins a variation of this launcher.
     *
     * @return a builder with everything that this launcher has
     */
    public LauncherBuilder toBuilder() {
        return new LauncherBuilder(spec.copy());
    }

    /**
     * Returns the command.
     *
     * @return the program and its arguments
     */
    public List<String> command() {
        return new ArrayList<>(spec.command);
    }

    /**
     * Shows what a child does until it executes its program. The descriptors of pipes and files are shown as 0, 1 and 2.
     *
     * @return the system calls with their arguments, in order
     * @throws IllegalStateException if there is no engine in this process; the cause says why
     */
    public List<String> explain() {
        return Access.call(port -> new ChildStart(spec, port).explain());
    }

    /**
     * Starts a child. Returns when its program runs; a redirect from a FIFO waits for the other side before that. The exec lock is held
     * shared meanwhile: no child is between a change of privileges and its program.
     *
     * @return the child
     * @throws LaunchException if a step of the start failed; there is no child then
     * @throws IllegalStateException if there is no engine in this process; the cause says why
     */
    public ChildProcess start() {
        return Access.call(port -> new ChildStart(spec, port).start());
    }

    /**
     * Starts several children, each of which reads what the one before it writes, as {@code ProcessBuilder.startPipeline} does on Java 9.
     *
     * @param launchers at least one; only the first one's input and only the last one's output may be redirected
     * @return the children, in the same order
     * @throws LaunchException if one cannot be started; those before it are killed then
     * @throws IllegalArgumentException if another stream in between is redirected
     * @throws IllegalStateException if there is no engine in this process; the cause says why
     */
    public static List<ChildProcess> startPipeline(List<Launcher> launchers) {
        List<Launcher> all = new ArrayList<>(launchers);
        return Access.call(port -> new Pipeline(port).start(all));
    }

    @Override
    public String toString() {
        return "launcher of " + spec.command;
    }
}

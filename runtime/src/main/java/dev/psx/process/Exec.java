package dev.psx.process;

import dev.psx.ErrnoException;
import dev.psx.UnreachableException;
import dev.psx.spi.Access;
import dev.psx.spi.BroadcastReport;
import dev.psx.spi.Errno;
import dev.psx.spi.Failures;
import dev.psx.spi.Program;
import dev.psx.spi.Unreached;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Replaces the program of this process, see execve(2): the JVM is gone, process id, credentials, working directory and the descriptors 0, 1
 * and 2 stay.
 *
 * <p>Nothing of the JVM is shut down: no shutdown hook runs, nothing that is buffered is written. All tasks are held before, for the kernel
 * does not give a set-uid program its user while one of them is making another. The program starts with no signal blocked; ignored signals
 * stay ignored.
 */
public final class Exec {

    /** enum psx_exec_call. */
    private static final int KEPT = 1;

    private Exec() {}

    /**
     * Executes a program with this process's environment.
     *
     * @param command the program, as a path or as a name that is looked for in PATH, and its arguments
     * @throws ErrnoException if it cannot be executed; the JVM runs on and nothing has changed
     * @throws UnreachableException if some task could not be held; the JVM runs on and nothing has changed
     * @throws IllegalArgumentException if the command is empty or contains the character 0
     * @throws IllegalStateException if there is no engine in this process; the cause says why
     * @throws SecurityException if the caller may not, as with the agent's option {@code api=off}
     */
    public static void exec(String... command) {
        if (command.length == 0
                || Objects.requireNonNull(command[0], "a word of the command").isEmpty()) {
            throw new IllegalArgumentException("the command is empty: give the program and its arguments");
        }
        replace(ProgramSearch.find(command[0]), Arrays.asList(command), joined(System.getenv()));
    }

    /**
     * Executes a program.
     *
     * @param path the program's file, which is not looked for
     * @param arguments what the program is told its name is, and its arguments: {@code argv} in C
     * @param environment the variables by name
     * @param kept descriptors that the program shall have beside 0, 1 and 2, by the same numbers; all others are closed
     * @throws ErrnoException if it cannot be executed; the JVM runs on and nothing has changed
     * @throws UnreachableException if some task could not be held; the JVM runs on and nothing has changed
     * @throws IllegalArgumentException if there are no arguments, something contains the character 0, or there can be no such variable
     * @throws IllegalStateException if there is no engine in this process; the cause says why
     * @throws SecurityException if the caller may not, as with the agent's option {@code api=off}
     */
    public static void exec(String path, List<String> arguments, Map<String, String> environment, int... kept) {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("argv is empty: its first word is what the program is told its name is");
        }
        for (Map.Entry<String, String> each : environment.entrySet()) {
            String name = Texts.variableName(each.getKey());
            Texts.noNul("environment variable " + name, each.getValue());
        }
        replace(path, arguments, joined(environment), kept);
    }

    private static List<String> joined(Map<String, String> environment) {
        List<String> variables = new ArrayList<>();
        for (Map.Entry<String, String> each : environment.entrySet()) {
            variables.add(each.getKey() + "=" + each.getValue());
        }
        return variables;
    }

    private static void replace(String path, List<String> arguments, List<String> variables, int... kept) {
        ChildMemory memory = new ChildMemory();
        long[] head = {
            memory.offset(Texts.zeroTerminated(Texts.noNul("path", path))),
            memory.offset(strings("argument", arguments)),
            memory.offset(strings("environment variable", variables))
        };
        int[] descriptors = kept.clone();
        for (int descriptor : descriptors) {
            Numbers.descriptor(descriptor);
        }
        Object[] request = {"exec", head, memory.bytes(), memory.addresses(), descriptors};
        throw Access.call(port -> failure(port, path, BroadcastReport.of(port.apply(request))));
    }

    private static byte[][] strings(String what, List<String> texts) {
        byte[][] strings = new byte[texts.size()][];
        for (int i = 0; i < strings.length; i++) {
            strings[i] = Texts.zeroTerminated(Texts.noNul(what, texts.get(i)));
        }
        return strings;
    }

    /** Who comes back has failed. */
    private static RuntimeException failure(Function<Object[], Object> port, String path, BroadcastReport report) {
        Program shown = new Program().addShown("execve(" + path + ")", "execve", 0, 0, 0);
        if (report.status == BroadcastReport.UNREACHABLE) {
            return Unreached.exception(port, shown, report);
        }
        if (report.status != BroadcastReport.CALL_FAILED) {
            return Failures.engineFailed(shown, report.status);
        }
        int errno = (int) -report.result;
        boolean kept = report.call == KEPT;
        String call = kept ? "fcntl" : "execve";
        String cause = LaunchCauses.of(kept ? LaunchStep.DESCRIPTORS : LaunchStep.PROGRAM, call, errno);
        return new ErrnoException(
                call,
                errno,
                "executing " + path + " failed at " + (kept ? "a descriptor to be kept" : "execve") + ": "
                        + Errno.name(errno) + " (" + Errno.describe(errno) + ")" + cause + "; nothing has changed");
    }
}

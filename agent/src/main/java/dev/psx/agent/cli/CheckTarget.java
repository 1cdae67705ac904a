package dev.psx.agent.cli;

import dev.psx.Credentials;
import dev.psx.check.NotAJvmException;
import dev.psx.check.OtherProcess;
import dev.psx.check.Subject;
import dev.psx.drop.CheckResult;
import dev.psx.drop.DropProgram;
import dev.psx.drop.DropSpec;
import dev.psx.drop.DropTransaction;
import dev.psx.drop.OtherDrop;
import dev.psx.spi.BroadcastReport;
import dev.psx.spi.Failures;
import dev.psx.spi.Program;
import dev.psx.spi.TaskKinds;
import dev.psx.spi.TaskSnapshot;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The JVM that a check is about: another process, or one that is started like this one. */
final class CheckTarget {

    /** Null for our own. */
    private final ProcessFiles files;

    private final Subject subject;

    /** Those that take part. */
    private final List<ProcessFiles.RawTask> tasks = new ArrayList<>();

    /** Also kernel workers. */
    private final List<TaskSnapshot> all = new ArrayList<>();

    private CheckTarget(ProcessFiles files, Subject subject, List<ProcessFiles.RawTask> living) {
        this.files = files;
        this.subject = subject;
        for (ProcessFiles.RawTask task : living) {
            all.add(TaskSnapshot.ofOther(task.text, task.flags));
            if (!TaskKinds.kernel(task.flags)) {
                tasks.add(task);
            }
        }
    }

    static CheckTarget own() throws CommandFailure {
        Map<String, String> properties = new HashMap<>();
        for (String name : System.getProperties().stringPropertyNames()) {
            properties.put(name, System.getProperty(name));
        }
        try {
            return new CheckTarget(null, Subject.likeOwn(properties), Collections.emptyList());
        } catch (IOException e) {
            throw new CommandFailure("cannot read /proc/self: " + e);
        }
    }

    static CheckTarget of(ProcessFiles files, boolean attach) throws CommandFailure {
        List<ProcessFiles.RawTask> tasks = living(files);
        if (tasks.isEmpty()) {
            throw ProcessFiles.gone(files.pid());
        }
        int tid = tasks.get(0).status.tid();
        try {
            if (!OtherProcess.sharesUserNamespace(tid)) {
                throw new CommandFailure("process " + files.pid()
                        + " is in another user namespace, where ids mean others: run this inside its container");
            }
            Subject plain = Subject.of(files.pid(), tid, Collections.emptyMap());
            return new CheckTarget(
                    files, attach ? Subject.of(files.pid(), tid, AttachedProperties.of(files)) : plain, tasks);
        } catch (IOException e) {
            throw unreadable(files, e);
        }
    }

    private static List<ProcessFiles.RawTask> living(ProcessFiles files) throws CommandFailure {
        List<ProcessFiles.RawTask> living = new ArrayList<>();
        for (int tid : files.taskIds()) {
            ProcessFiles.RawTask task = files.readTask(tid);
            if (task != null && !task.status.dead()) {
                living.add(task);
            }
        }
        return living;
    }

    String name() {
        return files == null
                ? "a JVM started like this one"
                : "process " + files.pid() + " (" + files.leader().name() + ")";
    }

    /** Null without a process. */
    Integer pid() {
        return files == null ? null : Integer.valueOf(files.pid());
    }

    Subject subject() {
        return subject;
    }

    /** Whether the application itself can be looked at. */
    boolean running() {
        return files != null;
    }

    /** Who it is: one of its tasks, which are all alike where a drop is feasible. */
    Credentials credentials() throws IOException {
        return files == null
                ? Credentials.parse(ProcessFiles.read(Paths.get("/proc/self/status")))
                : tasks.get(0).credentials;
    }

    /** Tries the drop, and looks for what it would refuse. Its calls are those that are needed there. */
    CheckResult check(DropSpec spec, Function<Object[], Object> engine) throws IOException, CommandFailure {
        if (files == null) {
            return DropTransaction.check(engine, spec);
        }
        List<Credentials> before = new ArrayList<>();
        for (ProcessFiles.RawTask task : tasks) {
            before.add(task.credentials);
        }
        Program drop = DropProgram.of(spec, before);
        return new OtherDrop(engine, spec, files.pid(), subject, all).check(program(drop, engine), drop);
    }

    /** Returns the drop, preceded by what gives a process of ours the state of that one. */
    Program program(Program drop, Function<Object[], Object> engine) throws IOException, CommandFailure {
        if (files == null) {
            return drop;
        }
        ProcessFiles.RawTask first = tasks.get(0);
        Credentials own = Credentials.parse(ProcessFiles.read(Paths.get("/proc/self/status")));
        Program program = OtherProcess.becoming(first.status.tid(), first.credentials, own);
        if (program.size() > 0) {
            BroadcastReport trial =
                    BroadcastReport.of(engine.apply(new Object[] {"trial", program.encoded(), program.blobs()}));
            if (trial.status == BroadcastReport.CALL_FAILED) {
                throw new CommandFailure("cannot try it as process " + files.pid() + " would: "
                        + program.describe(trial.call) + " gave " + Failures.result(trial.result)
                        + "; run this with all privileges that that process has");
            }
        }
        return program.addAll(drop);
    }

    void checkUnchanged() throws CommandFailure {
        if (files != null) {
            files.checkUnchanged();
        }
    }

    CommandFailure unreadable(IOException e) {
        return files == null ? new CommandFailure("cannot look at this JVM: " + e) : unreadable(files, e);
    }

    private static CommandFailure unreadable(ProcessFiles files, IOException e) {
        if (e instanceof NotAJvmException) {
            return new CommandFailure("cannot check process " + files.pid() + ": " + e.getMessage());
        }
        return e instanceof AccessDeniedException
                ? ProcessFiles.notAllowed(files.pid())
                : ProcessFiles.gone(files.pid());
    }
}

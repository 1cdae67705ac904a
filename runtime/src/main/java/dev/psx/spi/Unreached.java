package dev.psx.spi;

import dev.psx.Task;
import dev.psx.UnreachableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Internal: says which tasks did not come to a broadcast, why, and what to do. */
public final class Unreached {

    private static final int SHOWN = 8;

    private static final int WHY_BLOCKED = 1;
    private static final int WHY_STOPPED = 2;
    private static final int WHY_TRACED = 3;
    private static final int WHY_CREATING = 4;
    private static final int WHY_BUSY = 5;
    private static final int WHY_REFUSED = 6;
    private static final int WHY_OWES = 7;
    private static final int WHY_HANDLER = 8;
    private static final int WHY_BORN = 9;
    private static final int WHY_TAKEN = 10;

    private Unreached() {}

    public static UnreachableException exception(
            Function<Object[], Object> port, Program program, BroadcastReport report) {
        Map<Integer, TaskSnapshot> all = TaskSnapshot.byTid(port);
        List<Task> tasks = new ArrayList<>();
        StringBuilder text = new StringBuilder(program.describe(0)).append(" was not run");
        List<BroadcastReport.Entry> missing = busyLast(report.entries(BroadcastReport.Entry.MISSING));
        for (int i = 0; i < missing.size(); i++) {
            TaskSnapshot task = all.get(missing.get(i).tid);
            if (task != null) {
                tasks.add(task);
            }
            if (i < SHOWN) {
                text.append(i == 0 ? ": " : "; ").append(sentence(missing.get(i), task));
            }
        }
        if (missing.size() > SHOWN) {
            text.append("; and ").append(missing.size() - SHOWN).append(" more");
        }
        if (missing.isEmpty()) {
            text.append(": ").append(report.lockHolders == null ? why(WHY_BORN, 0) : report.lockHolders);
        }
        return new UnreachableException(text.append("; nothing has changed").toString(), tasks);
    }

    /** Those that were only short of a processor in the last attempt must not hide the one that would never have come. */
    private static List<BroadcastReport.Entry> busyLast(List<BroadcastReport.Entry> missing) {
        List<BroadcastReport.Entry> sorted = new ArrayList<>();
        List<BroadcastReport.Entry> busy = new ArrayList<>();
        for (BroadcastReport.Entry entry : missing) {
            (entry.reason == WHY_BUSY ? busy : sorted).add(entry);
        }
        sorted.addAll(busy);
        return sorted;
    }

    private static String sentence(BroadcastReport.Entry entry, TaskSnapshot task) {
        return TaskSnapshot.label(task, entry.tid) + " " + why(entry.reason, entry.detail);
    }

    private static String why(int reason, long detail) {
        switch (reason) {
            case WHY_BLOCKED:
                return "blocks the engine's signal by a raw system call: find the native code that does, or raise give-up";
            case WHY_STOPPED:
                return "is stopped by job control: continue it (kill -CONT)";
            case WHY_TRACED:
                return "is stopped by the tracer with pid " + detail + ": let the debugger continue or detach it";
            case WHY_CREATING:
                return "is inside " + Syscalls.name(detail)
                        + ", which creates a task or a program: let it finish, or raise give-up";
            case WHY_BUSY:
                return "got no processor in time: lower the load or the task's rivals in priority, or raise give-up";
            case WHY_REFUSED:
                return "could not be signalled, " + Failures.error((int) detail) + ": " + refusal((int) detail);
            case WHY_OWES:
                return "is still inside the kernel and owes an earlier broadcast: look for a hanging device or network file system";
            case WHY_HANDLER:
                return "has another library's handler on the engine's signal, which comes back: find who installs it";
            case WHY_BORN:
                return "tasks are created faster than they can be gathered: raise give-up, or start fewer threads meanwhile";
            case WHY_TAKEN:
                return "takes the engine's signal itself by sigwait, as glibc's thread for timers with SIGEV_THREAD does:"
                        + " change privileges before the first such timer is made";
            default:
                return "did not come: look at its stack (jstack, gdb), or raise give-up";
        }
    }

    private static String refusal(int errno) {
        return errno == Errno.EAGAIN
                ? "its RLIMIT_SIGPENDING is reached: raise it (ulimit -i), or end the process of its user that has queued so many signals"
                : "a security module forbids signals between tasks of this process (a Landlock signal scope does): lift that, or drop before it is set";
    }
}

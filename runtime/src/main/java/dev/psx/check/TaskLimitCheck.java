package dev.psx.check;

import dev.psx.spi.StatusFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;

/**
 * RLIMIT_NPROC counts the tasks of the real user, and spares root. The change of user itself passes: it is the next thread, or
 * the next program, that cannot be made.
 */
final class TaskLimitCheck implements Check {

    private static final String NAME = "task-limit";
    private static final String WORDS = "Max processes";
    private static final int TASKS = 3;

    /** With less left the JVM is likely to get into trouble soon: compilers, collectors and a small pool. */
    private static final int SPARE = 32;

    @Override
    public void run(Context context) throws IOException {
        long limit = limit(context);
        if (limit == Limits.INFINITY || !context.userChanges()) {
            return;
        }
        if (limit - allTasks() >= SPARE) {
            return; // the user's are fewer than the system's: no need to read every process's status
        }
        int uid = context.after.uid();
        int others = tasksOf(uid);
        long left = limit - others - context.subject.tasks();
        if (left >= SPARE) {
            return;
        }
        String what = "the limit of tasks (RLIMIT_NPROC) is " + limit + "; " + context.user() + " has " + others
                + " and this process brings " + context.subject.tasks();
        String when =
                "the next thread or process is created: OutOfMemoryError \"unable to create native thread\", error=11";
        String remedy = context.newLimits.containsKey("nproc")
                ? "raise limit-nproc, or take a user of its own"
                : "raise the limit before the drop (ulimit -u, systemd: LimitNPROC=), or take a user of its own";
        if (left <= 0) {
            context.findings.breaks(NAME, what, when, remedy);
        } else {
            context.findings.hinders(
                    NAME, what + ": " + left + " are left", "more are created than that: " + when, remedy);
        }
    }

    /** What the drop sets counts; otherwise the disposable process has our limit, which need not be that of another process. */
    private static long limit(Context context) throws IOException {
        long ours = new Limits(SubjectFiles.read(Paths.get("/proc/self/limits"))).soft(WORDS);
        long after = context.after.softTaskLimit();
        return after == ours ? context.subject.limits().soft(WORDS) : after;
    }

    /** Returns how many tasks all users have, out of the fourth word of loadavg, RUNNING/ALL; too many if it does not say. */
    private static long allTasks() throws IOException {
        List<String> words = Words.split(SubjectFiles.read(Paths.get("/proc/loadavg")));
        String tasks = words.size() > TASKS ? words.get(TASKS) : "";
        int slash = tasks.indexOf('/');
        return slash < 0 ? Long.MAX_VALUE / 2 : Long.parseLong(tasks.substring(slash + 1));
    }

    private static int tasksOf(int uid) throws IOException {
        String[] names = new File("/proc").list();
        if (names == null) {
            throw new IOException("/proc cannot be read");
        }
        int tasks = 0;
        for (String name : names) {
            if (Character.isDigit(name.charAt(0))) {
                tasks += tasksOf(uid, Paths.get("/proc", name));
            }
        }
        return tasks;
    }

    /** The kernel counts by the real user of each task; a process whose tasks differ is rare enough to be counted by its first. */
    private static int tasksOf(int uid, Path process) {
        try {
            StatusFile status = StatusFile.parse(SubjectFiles.read(process.resolve("status")));
            String[] tasks =
                    status.uid()[0] == uid ? process.resolve("task").toFile().list() : null;
            return tasks == null ? 0 : tasks.length;
        } catch (IOException | IllegalArgumentException e) {
            return 0; // it has ended
        }
    }
}

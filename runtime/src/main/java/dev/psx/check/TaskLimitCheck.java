package dev.psx.check;

import dev.psx.spi.StatusFile;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;

/**
 * RLIMIT_NPROC counts the tasks of the real user, and spares root. The change of user itself passes: it is the next thread, or
 * the next program, that cannot be made.
 */
final class TaskLimitCheck implements Check {

    private static final String NAME = "task-limit";
    private static final String WORDS = "Max processes";

    /** With less left the JVM is likely to get into trouble soon: compilers, collectors and a small pool. */
    private static final int SPARE = 32;

    @Override
    public void run(Context context) throws IOException {
        long limit = limit(context);
        if (limit == Limits.INFINITY || !context.userChanges()) {
            return;
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
        String remedy = "raise the limit before the drop (ulimit -u, systemd: LimitNPROC=), or take a user of its own";
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
        long after = context.after.softLimit(Limits.NPROC);
        return after == ours ? context.subject.limits().soft(WORDS) : after;
    }

    private static int tasksOf(int uid) throws IOException {
        int tasks = 0;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Paths.get("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                tasks += tasksOf(uid, process);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
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

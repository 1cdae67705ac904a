package dev.psx.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Files that the application made as root and writes to: what is open goes on, but it cannot be opened again or replaced. */
final class WrittenFilesCheck implements Check {

    private static final int LAST_STANDARD_STREAM = 2;

    @Override
    public void run(Context context) {
        Map<Obstacle, List<String>> closed = new LinkedHashMap<>();
        Map<Obstacle, List<String>> fixed = new LinkedHashMap<>();
        for (OpenFile file : context.subject.openFiles()) {
            if (concerns(context, file)) {
                context.findings.speakFor(file.path);
                Obstacle obstacle = context.obstacle(file.path, DroppedProcess.WRITE);
                Obstacle renaming = obstacle == null ? Renaming.obstacle(context, file.path) : null;
                add(closed, obstacle, file.path);
                add(fixed, renaming, file.path);
            }
        }
        report(
                context,
                closed,
                "cannot be opened for writing again",
                "the application reopens it, or starts anew as this user");
        report(
                context,
                fixed,
                "cannot be renamed or replaced",
                "the application rotates it (logrotate's copytruncate works)");
    }

    /** Nobody opens the standard streams again. */
    private static boolean concerns(Context context, OpenFile file) {
        return file.forWriting()
                && file.descriptor > LAST_STANDARD_STREAM
                && !context.findings.isSpokenFor(file.path)
                && !file.path.startsWith("/proc/")
                && !file.path.startsWith("/sys/")
                && !file.path.startsWith("/dev/");
    }

    private static void add(Map<Obstacle, List<String>> files, Obstacle obstacle, String path) {
        if (obstacle != null) {
            Unusable.add(files, obstacle, path);
        }
    }

    private static void report(Context context, Map<Obstacle, List<String>> files, String what, String when) {
        for (Map.Entry<Obstacle, List<String>> each : files.entrySet()) {
            context.findings.hinders(
                    "open-for-writing",
                    Unusable.some(each.getValue()) + " " + what + ": " + each.getKey().reason,
                    when,
                    each.getKey().remedy(each.getValue().size()));
        }
    }
}

package dev.psx.check;

import java.nio.file.Files;

/** Where the JVM writes when something has gone wrong: heap dumps and the report of a crash. */
final class DumpCheck implements Check {

    @Override
    public void run(Context context) {
        VmArguments arguments = context.subject.arguments();
        if (arguments.flag("HeapDumpOnOutOfMemoryError") || arguments.flag("HeapDumpBeforeFullGC")) {
            String path = arguments.last("-XX:HeapDumpPath=");
            report(
                    context,
                    "heap-dump",
                    "no heap dump can be written: ",
                    path == null || path.isEmpty() ? "." : path,
                    "the heap is exhausted (-XX:+HeapDumpOnOutOfMemoryError)",
                    "-XX:HeapDumpPath=DIR");
        }
        String error = arguments.last("-XX:ErrorFile=");
        if (error != null && !error.isEmpty() && !error.startsWith("/dev/")) {
            report(
                    context,
                    "error-file",
                    "the report of a crash does not get where it should: ",
                    error,
                    "the JVM crashes (-XX:ErrorFile)",
                    "-XX:ErrorFile=FILE");
        }
    }

    private static void report(Context context, String check, String what, String path, String when, String option) {
        Obstacle obstacle = obstacle(context, context.subject.absolute(path));
        if (obstacle != null) {
            context.findings.hinders(
                    check,
                    what + obstacle.reason,
                    when,
                    obstacle.remedy() + "; or name a directory of " + context.user() + " with " + option);
        }
    }

    /** A directory takes a new file, a file of that name is written over, or one is made. */
    private static Obstacle obstacle(Context context, String path) {
        if (Files.isDirectory(context.subject.outside(path))) {
            return context.obstacleToCreating(path);
        }
        if (Files.exists(context.subject.outside(path))) {
            return context.obstacle(path, DroppedProcess.WRITE);
        }
        return context.obstacleToCreating(Obstacle.parent(path));
    }
}

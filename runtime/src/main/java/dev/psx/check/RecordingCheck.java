package dev.psx.check;

import java.nio.file.Files;
import java.util.LinkedHashSet;
import java.util.Set;

/** Flight recordings: chunks in a repository, copied to their file in the end. */
final class RecordingCheck implements Check {

    private static final String NAME = "flight-recorder";

    @Override
    public void run(Context context) {
        Subject subject = context.subject;
        String file = value(subject.arguments(), "-XX:StartFlightRecording", "filename");
        if (file != null) {
            report(
                    context,
                    target(subject, subject.absolute(file)),
                    "the recording cannot be written to its file",
                    "the recording ends, or the JVM does (dumponexit)");
        }
        for (String repository : repositories(context)) {
            report(
                    context,
                    repository,
                    "the recording cannot go on",
                    "a chunk is full, or a recording is started, stopped or dumped");
        }
    }

    private static void report(Context context, String directory, String what, String when) {
        Obstacle obstacle = context.obstacleToCreating(directory);
        if (obstacle != null) {
            context.findings.hinders(
                    NAME,
                    what + ": " + obstacle.reason,
                    when,
                    obstacle.remedy() + "; or start the recording after the drop (jcmd JFR.start)");
        }
    }

    private static String target(Subject subject, String path) {
        return Files.isDirectory(subject.outside(path)) ? path : Obstacle.parent(path);
    }

    /** Returns the directories of chunks that are being written; before there are any the one that is configured. */
    private static Set<String> repositories(Context context) {
        Subject subject = context.subject;
        Set<String> directories = new LinkedHashSet<>();
        for (OpenFile file : subject.openFiles()) {
            if (file.forWriting() && file.path.endsWith(".jfr")) {
                context.findings.speakFor(file.path);
                directories.add(Obstacle.parent(file.path));
            }
        }
        String configured = value(subject.arguments(), "-XX:FlightRecorderOptions", "repository");
        if (directories.isEmpty() && configured != null) {
            directories.add(subject.absolute(configured));
        }
        return directories;
    }

    /** Returns one value of an option like {@code -XX:StartFlightRecording=name=a,filename=b}, or null. */
    private static String value(VmArguments arguments, String option, String key) {
        String given = arguments.last(option);
        if (given == null || given.isEmpty()) {
            return null;
        }
        for (String each : given.substring(1).split(",")) { // after a colon or an equals sign
            if (each.startsWith(key + "=")) {
                return each.substring(key.length() + 1);
            }
        }
        return null;
    }
}

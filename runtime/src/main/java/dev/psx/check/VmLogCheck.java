package dev.psx.check;

import java.nio.file.Files;

/** The JVM's own log: it is open already, but to rotate it the JVM renames it and opens another. */
final class VmLogCheck implements Check {

    @Override
    public void run(Context context) {
        Subject subject = context.subject;
        boolean modern = Files.exists(subject.outside(subject.javaHome() + "/conf"));
        for (LogOutput output : LogOutput.of(subject.arguments(), modern)) {
            if (!subject.absolute(output.name).startsWith("/dev/")) {
                check(context, output, file(subject, output.name));
            }
        }
    }

    private static void check(Context context, LogOutput output, String file) {
        context.findings.speakFor(file);
        Obstacle obstacle = output.rotates ? Renaming.obstacle(context, file) : null;
        if (obstacle != null) {
            context.findings.hinders(
                    "vm-log",
                    "the JVM cannot rotate its log " + file + ": " + obstacle.reason,
                    "the log reaches its filesize (20 MB unless given), or jcmd VM.log rotate: the JVM logs no more",
                    obstacle.remedy() + "; or switch the rotation off with filecount=0");
        }
    }

    /** Returns the file that is open, where the name has parts that the JVM fills in. */
    private static String file(Subject subject, String name) {
        String path = subject.absolute(name);
        int percent = path.indexOf('%');
        if (percent >= 0) {
            for (OpenFile file : subject.openFiles()) {
                if (file.forWriting() && file.path.startsWith(path.substring(0, percent))) {
                    return file.path;
                }
            }
        }
        return subject.realPath(path);
    }
}

package dev.psx.check;

import java.util.ArrayList;
import java.util.List;

/** The file by which jps and jstat find a JVM: it keeps the owner that the JVM had when it started. */
final class PerfDataCheck implements Check {

    private static final String NAME = "hsperfdata";
    private static final String TMP = "/tmp"; // whatever java.io.tmpdir says

    @Override
    public void run(Context context) {
        if (context.fixUps || !context.userChanges() || !context.subject.running()) {
            return;
        }
        for (String file : files(context.subject)) {
            context.findings.speakFor(file);
            Obstacle obstacle = context.obstacle(file, DroppedProcess.READ);
            if (obstacle != null) {
                context.findings.note(
                        NAME,
                        "jps and jstat do not show this JVM to " + context.user() + ": " + obstacle.reason,
                        "these tools are run as " + context.user() + "; and the file stays behind when the JVM ends",
                        "fix-ups=yes, or start the JVM with -XX:+PerfDisableSharedMem");
            }
        }
    }

    /** Returns the paths of the process's own file, as the process sees them. */
    static List<String> files(Subject subject) {
        List<String> files = new ArrayList<>();
        String pid = Integer.toString(subject.innermostPid());
        String[] names = subject.outside(TMP).toFile().list();
        for (String name : names == null ? new String[0] : names) { // no /tmp, no file
            String file = TMP + "/" + name + "/" + pid;
            if (name.startsWith("hsperfdata_") && subject.outside(file).toFile().isFile() && maps(subject, file)) {
                files.add(file);
            }
        }
        return files;
    }

    /** Without it the file is of an earlier process with that id. */
    private static boolean maps(Subject subject, String file) {
        return subject.procText("maps").contains(file + "\n");
    }
}

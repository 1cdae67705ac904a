package dev.psx.check;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
        try (DirectoryStream<Path> users = Files.newDirectoryStream(subject.outside(TMP), "hsperfdata_*")) {
            for (Path user : users) {
                String file = TMP + "/" + user.getFileName() + "/" + pid;
                if (Files.isRegularFile(subject.outside(file)) && maps(subject, file)) {
                    files.add(file);
                }
            }
        } catch (IOException e) {
            return files; // no /tmp, no file
        }
        return files;
    }

    /** Without it the file is of an earlier process with that id. */
    private static boolean maps(Subject subject, String file) {
        return subject.procText("maps").contains(file + "\n");
    }
}

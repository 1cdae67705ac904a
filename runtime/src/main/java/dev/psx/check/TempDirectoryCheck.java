package dev.psx.check;

/** The directory for temporary files: it must take them, and libraries are unpacked there and loaded. */
final class TempDirectoryCheck implements Check {

    private static final String NAME = "tmpdir";
    private static final String OTHER = "start the JVM with -Djava.io.tmpdir=DIR";

    @Override
    public void run(Context context) {
        String directory = context.subject.absolute(context.subject.property("java.io.tmpdir", "/tmp"));
        Obstacle obstacle = context.obstacleToCreating(directory);
        if (obstacle != null) {
            context.findings.breaks(
                    NAME,
                    "no temporary file can be made: " + obstacle.reason,
                    "File.createTempFile and all that uses it, such as uploads and native libraries in jars: IOException",
                    obstacle.remedy() + "; or " + OTHER + " and a directory of " + context.user());
        } else if (context.after.noExec(directory)) {
            context.findings.hinders(
                    NAME,
                    directory + " is on a file system that is mounted noexec",
                    "a library such as JNA, Netty or Snappy unpacks its native part there: UnsatisfiedLinkError",
                    OTHER + " on another file system, or load such libraries before the drop");
        }
    }
}

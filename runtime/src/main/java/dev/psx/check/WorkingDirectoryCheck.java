package dev.psx.check;

/** The working directory: names without a leading slash begin there. */
final class WorkingDirectoryCheck implements Check {

    @Override
    public void run(Context context) {
        String directory = context.subject.cwd();
        Obstacle obstacle = context.obstacle(directory, DroppedProcess.SEARCH);
        if (obstacle != null) {
            context.findings.hinders(
                    "cwd",
                    "the working directory " + directory + " is out of reach: " + obstacle.reason,
                    "a file with a relative name is opened, here or in a child: AccessDeniedException",
                    "start the JVM in another directory (systemd: WorkingDirectory=), or " + obstacle.remedy());
        }
    }
}

package dev.psx.process;

import java.io.File;

/** Finds a program in PATH, as execvp does, before anything is made. */
final class ProgramSearch {

    private static final int ENOENT = 2;
    private static final String WITHOUT_PATH = "/bin:/usr/bin";

    private ProgramSearch() {}

    /**
     * Returns the program's file.
     *
     * @throws LaunchException if there is none
     */
    static String find(String name) {
        if (name.indexOf('/') >= 0) {
            return name;
        }
        String given = System.getenv("PATH");
        String path = given == null ? WITHOUT_PATH : given;
        for (String directory : path.split(":", -1)) {
            File file = new File(directory.isEmpty() ? "." : directory, name);
            if (file.isFile() && file.canExecute()) {
                return file.getPath();
            }
        }
        throw new LaunchException(
                name,
                LaunchStep.PROGRAM,
                "execve",
                ENOENT,
                "launching " + name + " failed: no directory of PATH (" + path
                        + ") has an executable file of that name: ENOENT (No such file or directory); nothing was started");
    }
}

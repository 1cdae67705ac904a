package dev.psx.process;

import dev.psx.spi.Program;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Which files a program's name may mean: execvpe(3), with the PATH of the JVM's start. */
final class PathSearch {

    private static final String WITHOUT_PATH = ":/bin:/usr/bin";
    private static final int AT_FDCWD = -100;
    private static final int F_OK = 0;
    private static final int MOST = 4096;

    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int ENODEV = 19;
    private static final int ENOTDIR = 20;
    private static final int ELOOP = 40;
    private static final int ETIMEDOUT = 110;
    private static final int ESTALE = 116;

    private final Kernel kernel;
    private final List<byte[]> directories = new ArrayList<>();

    /** @param path null where there is none */
    PathSearch(Kernel kernel, String path) {
        this.kernel = kernel;
        for (String directory : (path == null ? WITHOUT_PATH : path).split(":", -1)) {
            String name = directory.isEmpty() ? "." : directory;
            directories.add(Texts.zeroTerminated(name.endsWith("/") ? name : name + "/"));
        }
    }

    /** Whether an error of execve says that another directory may have the program. */
    static boolean goesOn(int error) {
        switch (error) {
            case ENOENT:
            case EACCES:
            case ENODEV:
            case ENOTDIR:
            case ELOOP:
            case ETIMEDOUT:
            case ESTALE:
                return true;
            default:
                return false;
        }
    }

    /** Returns at least one file. What is not there is left out, unless the child looks from another directory or as somebody else. */
    List<byte[]> candidates(byte[] program) {
        if (program.length <= 1 || hasSlash(program)) {
            return Collections.singletonList(program);
        }
        List<byte[]> found = new ArrayList<>();
        byte[] last = null;
        for (byte[] directory : directories) {
            if (directory.length - 1 + program.length <= MOST) {
                last = joined(directory, program);
                if (directory[0] != '/' || mayBeThere(last)) {
                    found.add(last);
                }
            }
        }
        if (found.isEmpty()) {
            found.add(last == null ? program : last); // to learn what is wrong
        }
        return found;
    }

    private static boolean hasSlash(byte[] program) {
        for (byte each : program) {
            if (each == '/') {
                return true;
            }
        }
        return false;
    }

    private static byte[] joined(byte[] directory, byte[] program) {
        ByteArrayOutputStream path = new ByteArrayOutputStream();
        path.write(directory, 0, directory.length - 1);
        path.write(program, 0, program.length);
        return path.toByteArray();
    }

    private boolean mayBeThere(byte[] file) {
        int error = (int) -kernel.call(new Program().addShown("faccessat", "faccessat", AT_FDCWD, file, F_OK)).result;
        return error != ENOENT && error != ENOTDIR;
    }
}

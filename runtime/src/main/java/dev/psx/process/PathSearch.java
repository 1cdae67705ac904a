package dev.psx.process;

import dev.psx.spi.Program;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Which files a program's name may mean, with the PATH of the JVM's start. The JDK leaves the search to execvp(3) for a child with the JVM's own
 * environment, and does it itself for others: these differ in where they look without PATH, and in what ends the search.
 */
final class PathSearch {

    private static final String WITHOUT_PATH = "/bin:/usr/bin";
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
    private final boolean ofLibrary;
    private final List<byte[]> directories = new ArrayList<>();

    /**
     * @param path each byte a character; null where there is none
     * @param ofLibrary whether to search as the C library does
     */
    PathSearch(Kernel kernel, String path, boolean ofLibrary) {
        this.kernel = kernel;
        this.ofLibrary = ofLibrary;
        String without = ofLibrary ? WITHOUT_PATH : ":" + WITHOUT_PATH;
        for (String directory : (path == null ? without : path).split(":", -1)) {
            String name = directory.isEmpty() && !ofLibrary ? "." : directory;
            String prefix = name.isEmpty() || name.endsWith("/") ? name : name + "/";
            directories.add((prefix + "\0").getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** Returns PATH as it is, each byte a character; null if there is none. Its decoded form may be ambiguous, so it serves only without the file. */
    static String path() {
        String decoded = System.getenv("PATH");
        if (decoded == null) {
            return null;
        }
        String path = null;
        try {
            path = pathOf(Files.readAllBytes(Paths.get("/proc/self/environ")));
        } catch (IOException | SecurityException e) {
            // It is hidden, or was before the JVM's user changed.
        }
        byte[] encoded = Texts.zeroTerminated(decoded);
        return path == null ? new String(encoded, 0, encoded.length - 1, StandardCharsets.ISO_8859_1) : path;
    }

    /** @param environment strings that end with a zero byte each */
    static String pathOf(byte[] environment) {
        for (String variable : new String(environment, StandardCharsets.ISO_8859_1).split("\0")) {
            if (variable.startsWith("PATH=")) {
                return variable.substring("PATH=".length());
            }
        }
        return null;
    }

    /** Whether an error of execve says that another directory may have the program. */
    boolean goesOn(int error) {
        switch (error) {
            case ELOOP:
                return !ofLibrary;
            case ENOENT:
            case EACCES:
            case ENODEV:
            case ENOTDIR:
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

package dev.psx.check;

import dev.psx.spi.Errno;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * Why the dropped process cannot use a path, in words, and what to do about it. Obstacles are equal if one closed directory is behind
 * them, and if they are of one kind but of each path itself: thousands of those are still one finding.
 */
final class Obstacle {

    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int EROFS = 30;

    /** The component that is in the way, and what is wrong with it. */
    final String reason;

    private final String remedy;

    /** What makes two of them one thing to mend. */
    private final String key;

    private final boolean ofEachFile;

    private Obstacle(String reason, String remedy, String key, boolean ofEachFile) {
        this.reason = reason;
        this.remedy = remedy;
        this.key = key;
        this.ofEachFile = ofEachFile;
    }

    private Obstacle(String reason, String remedy) {
        this(reason, remedy, reason, false);
    }

    /**
     * Explains an errno of {@link DroppedProcess#access}.
     *
     * @param mode what was tried
     */
    static Obstacle of(Context context, String path, int mode, int errno) {
        if (errno == EROFS) {
            return ofEach(
                    path + " is on a file system that is mounted read-only",
                    "mount it writable, or name another place",
                    "read-only");
        }
        if (errno == ENOENT) {
            return ofEach(path + " does not exist", "create it, or name another place", "missing");
        }
        if (errno != EACCES) {
            String error = Errno.name(errno) + " (" + Errno.describe(errno) + ")";
            return ofEach(path + " gives " + error, "use another place", error);
        }
        String closed = closedDirectory(context, path);
        if (closed != null) {
            return new Obstacle(
                    context.describe(closed) + " may not be searched by " + context.user(),
                    "chmod o+x " + closed + ", or move what is below it to where " + context.user() + " may go");
        }
        return ofItself(context, path, mode);
    }

    private static Obstacle ofItself(Context context, String path, int mode) {
        if ((mode & DroppedProcess.WRITE) != 0) {
            return own(
                    context,
                    path,
                    "written",
                    "let " + context.user() + " write to " + path + " (chown, chgrp, setfacl)");
        }
        boolean directory = Files.isDirectory(context.subject.outside(path));
        if ((mode & DroppedProcess.READ) != 0) {
            return own(context, path, "read", "chmod " + (directory ? "o+rx " : "o+r ") + path);
        }
        return own(context, path, directory ? "searched" : "executed", "chmod o+x " + path);
    }

    private static Obstacle own(Context context, String path, String verb, String remedy) {
        return ofEach(context.describe(path) + " may not be " + verb + " by " + context.user(), remedy, verb);
    }

    private static Obstacle ofEach(String reason, String remedy, String kind) {
        return new Obstacle(reason, remedy, kind, true);
    }

    String remedy() {
        return remedy;
    }

    /** Returns what to do about it where it is in the way of so many paths. */
    String remedy(int paths) {
        return ofEachFile && paths > 1 ? remedy + "; the others alike" : remedy;
    }

    /** For a file that the permissions of its directory alone would let go. */
    static Obstacle sticky(Context context, String directory, String file) {
        return ofEach(
                context.describe(file) + " may not be renamed by " + context.user() + ": " + directory + " is sticky",
                "chown " + context.user() + " " + file,
                "sticky " + directory);
    }

    /** The path as it is written comes first: its user knows those names. Then the one without symbolic links. */
    private static String closedDirectory(Context context, String path) {
        String closed = closedParent(context, path);
        if (closed == null) {
            String real = context.subject.realPath(path);
            closed = real.equals(path) ? null : closedParent(context, real);
        }
        return closed;
    }

    private static String closedParent(Context context, String path) {
        List<String> parents = new ArrayList<>();
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            parents.add(path.substring(0, slash));
        }
        return context.firstClosed(parents);
    }

    /** Returns the directory that holds the path. */
    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Obstacle && ((Obstacle) other).key.equals(key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }
}

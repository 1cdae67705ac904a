package dev.psx.check;

import dev.psx.spi.Errno;
import java.util.ArrayList;
import java.util.List;

/**
 * Why the dropped process cannot use a path, in words, and what to do about it. Obstacles are equal if one closed directory is behind
 * them, and if they are the permissions of each file itself.
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
            return new Obstacle(
                    path + " is on a file system that is mounted read-only",
                    "mount it writable, or name another place");
        }
        if (errno == ENOENT) {
            return new Obstacle(path + " does not exist", "create it, or name another place");
        }
        if (errno != EACCES) {
            String error = Errno.name(errno) + " (" + Errno.describe(errno) + ")";
            return new Obstacle(path + " gives " + error, "use another place");
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
        boolean write = (mode & DroppedProcess.WRITE) != 0;
        boolean read = (mode & DroppedProcess.READ) != 0;
        String verb = write ? "written" : read ? "read" : "executed";
        return new Obstacle(
                context.describe(path) + " may not be " + verb + " by " + context.user(),
                write ? "chown " + context.user() + " " + path : "chmod o+" + letters(mode) + " " + path,
                verb,
                true);
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
        return new Obstacle(
                context.describe(file) + " may not be renamed by " + context.user() + ": " + directory + " is sticky",
                "chown " + context.user() + " " + file);
    }

    private static String letters(int mode) {
        return ((mode & DroppedProcess.READ) != 0 ? "r" : "") + ((mode & DroppedProcess.SEARCH) != 0 ? "x" : "");
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

package dev.psx.drop;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Internal: descriptors of directories outside a new root directory. From each of them {@code openat(fd, "../../..")} would be a
 * way out for whoever has native code inside.
 */
final class OpenDirectories {

    private static final int SHOWN = 8;

    private final LookedAt process;
    private final Path root;
    private final List<String> outside = new ArrayList<>();

    private OpenDirectories(LookedAt process, Path root) {
        this.process = process;
        this.root = root;
    }

    /**
     * Checks that there are none but the engine's own, which is made harmless.
     *
     * @param tasks the tasks whose descriptors are looked at, each of which may have its own
     * @throws IllegalStateException if there are
     */
    static void refuse(LookedAt process, String root, List<Integer> tasks) {
        OpenDirectories directories;
        try {
            directories = new OpenDirectories(process, process.real(root));
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the drop was not begun: " + root + " cannot be resolved: " + e + "; nothing has changed");
        }
        for (int tid : tasks) {
            directories.look(tid);
        }
        if (!directories.outside.isEmpty()) {
            List<String> some = directories.outside.subList(0, Math.min(SHOWN, directories.outside.size()));
            throw new IllegalStateException("the drop was not begun: open directories outside " + root
                    + " would be a way out of it: " + String.join(", ", some)
                    + (directories.outside.size() > SHOWN ? " and more" : "")
                    + "; have the application close them first; nothing has changed");
        }
    }

    private void look(int tid) {
        String base = process.task(tid) + "/fd";
        String[] descriptors = new File(base).list();
        if (descriptors == null) {
            refuseUnlessEnded(tid);
            return;
        }
        Arrays.sort(descriptors);
        for (String descriptor : descriptors) {
            Path link = Paths.get(base, descriptor);
            if (Files.isDirectory(link) && isOutside(link)) {
                outside.add("descriptor " + descriptor + " (" + target(link) + ")");
            }
        }
    }

    /** Of the calling task nobody can say that it has ended. */
    private void refuseUnlessEnded(int tid) {
        if (!new File(process.directory()).exists() || new File(process.task(tid)).exists()) {
            throw new IllegalStateException("the drop was not begun: the descriptors of task " + tid
                    + " cannot be listed, so nobody can tell whether an open directory would be a way out of " + root
                    + ": /proc is hidden, or every descriptor is in use; nothing has changed");
        }
    }

    private boolean isOutside(Path link) {
        try {
            return !process.target(link).startsWith(root) && !process.isEngines(link);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    private String target(Path link) {
        try {
            return process.target(link).toString();
        } catch (IOException e) {
            return "?";
        }
    }
}

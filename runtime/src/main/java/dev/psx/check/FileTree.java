package dev.psx.check;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The files below a directory. By the means of java.io: those of java.nio.file take ten times as long in a JVM that has just begun. */
final class FileTree {

    private final int depth;
    private final boolean followLinks;
    private final List<String> files = new ArrayList<>();
    private int left;

    /**
     * Does nothing yet.
     *
     * @param depth how many levels of directories are looked at
     * @param most how many files and directories are looked at
     * @param followLinks whether directories are looked at to which a link leads, unless it is one of those above
     */
    FileTree(int depth, int most, boolean followLinks) {
        this.depth = depth;
        this.followLinks = followLinks;
        this.left = most;
    }

    /** Returns the paths from there. A part that we cannot see, the JVM, which is no more than we are, cannot see now either. */
    List<String> below(File directory) {
        try {
            add(directory, directory.getCanonicalPath(), "", new ArrayList<String>());
        } catch (IOException e) {
            return files; // it has gone
        }
        return files;
    }

    private void add(File directory, String canonical, String prefix, List<String> above) throws IOException {
        String[] names = directory.list();
        if (names == null || above.contains(canonical)) {
            return;
        }
        above.add(canonical);
        for (String name : names) {
            if (left-- <= 0) {
                return;
            }
            File file = new File(directory, name);
            if (file.isFile()) {
                files.add(prefix + name);
            } else if (above.size() < depth && file.isDirectory()) {
                String next = file.getCanonicalPath();
                if (followLinks || next.equals(canonical + "/" + name)) {
                    add(file, next, prefix + name + "/", above);
                }
            }
        }
        above.remove(above.size() - 1);
    }
}

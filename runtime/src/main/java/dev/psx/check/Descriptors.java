package dev.psx.check;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a process has open, out of one look at {@code /proc/PID/fd}. */
final class Descriptors {

    private static final String FLAGS = "flags:";
    private static final String SOCKET = "socket:[";
    private static final int OCTAL = 8;

    private final Path proc;
    private final SubjectFiles subject;
    private final List<OpenFile> files = new ArrayList<>();
    private final Set<String> sockets = new HashSet<>();

    private Descriptors(Path proc, SubjectFiles subject) {
        this.proc = proc;
        this.subject = subject;
    }

    /**
     * Looks below a directory. What is closed meanwhile is left out; nothing is seen if that is forbidden, or the process ends.
     *
     * @param subject knows the process's own names of paths
     */
    static Descriptors read(Path proc, SubjectFiles subject) {
        Descriptors descriptors = new Descriptors(proc, subject);
        Path directory = proc.resolve("fd");
        String[] numbers = directory.toFile().list();
        for (String number : numbers == null ? new String[0] : numbers) {
            try {
                descriptors.add(number, directory.resolve(number));
            } catch (IOException e) {
                continue; // closed
            }
        }
        return descriptors;
    }

    /** Returns those that lead to something with a path. */
    List<OpenFile> files() {
        return Collections.unmodifiableList(files);
    }

    /** Returns the inodes of the sockets. */
    Set<String> sockets() {
        return Collections.unmodifiableSet(sockets);
    }

    private void add(String number, Path descriptor) throws IOException {
        String target = Files.readSymbolicLink(descriptor).toString();
        if (target.startsWith(SOCKET) && target.endsWith("]")) {
            sockets.add(target.substring(SOCKET.length(), target.length() - 1));
            return;
        }
        String path = subject.inside(target);
        File file = descriptor.toFile();
        boolean named = path.startsWith("/") && !path.endsWith(" (deleted)") && !path.startsWith("/memfd:");
        if (named && (file.isFile() || file.isDirectory())) {
            int flags = flags(SubjectFiles.read(proc.resolve("fdinfo").resolve(number)));
            if (flags >= 0) {
                files.add(new OpenFile(Integer.parseInt(number), path, flags));
            }
        }
    }

    /** Returns the flags of open(2), or -1. */
    private static int flags(String info) {
        for (String line : info.split("\n")) {
            if (line.startsWith(FLAGS)) {
                return (int) Long.parseLong(line.substring(FLAGS.length()).trim(), OCTAL);
            }
        }
        return -1;
    }
}

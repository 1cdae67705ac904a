package dev.psx.check;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a process has open, out of {@code /proc/PID/fd}. */
final class Descriptors {

    private static final Pattern FLAGS = Pattern.compile("^flags:\\s*([0-7]+)", Pattern.MULTILINE);
    private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");

    private final Path proc;
    private final SubjectFiles files;

    /**
     * Looks below a directory.
     *
     * @param files knows the process's own names of paths
     */
    Descriptors(Path proc, SubjectFiles files) {
        this.proc = proc;
        this.files = files;
    }

    /** Returns the descriptors that lead to something with a path; what is closed meanwhile is left out. */
    List<OpenFile> files() {
        List<OpenFile> files = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(proc.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                OpenFile file = openFile(descriptor);
                if (file != null) {
                    files.add(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return files; // it ends, or forbids to look: what has been seen is better than nothing
        }
        return files;
    }

    Set<String> sockets() {
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(proc.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                Matcher socket = SOCKET.matcher(target(descriptor));
                if (socket.matches()) {
                    inodes.add(socket.group(1));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return inodes; // as above
        }
        return inodes;
    }

    /** Returns where a descriptor leads, empty if it is closed meanwhile. */
    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private OpenFile openFile(Path descriptor) {
        try {
            String number = descriptor.getFileName().toString();
            String path = files.inside(Files.readSymbolicLink(descriptor).toString());
            boolean named = path.startsWith("/") && !path.endsWith(" (deleted)") && !path.startsWith("/memfd:");
            if (!named || !Files.isRegularFile(descriptor) && !Files.isDirectory(descriptor)) {
                return null;
            }
            Matcher flags =
                    FLAGS.matcher(SubjectFiles.read(proc.resolve("fdinfo").resolve(number)));
            return flags.find()
                    ? new OpenFile(Integer.parseInt(number), path, (int) Long.parseLong(flags.group(1), 8))
                    : null;
        } catch (IOException e) {
            return null;
        }
    }
}

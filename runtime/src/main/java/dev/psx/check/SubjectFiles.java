package dev.psx.check;

import dev.psx.spi.StatusFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@code /proc} tells of one process. */
final class SubjectFiles {

    /** JDK 8 has a directory for the architecture between. */
    private static final Pattern LIBJVM = Pattern.compile(
            "^[0-9a-f]+-.* (/.*?)/lib/(?:[^/]+/)?[^/]+/libjvm\\.so(?: \\(deleted\\))?$", Pattern.MULTILINE);

    private static final int MOST_LINKS = 40;

    private final Path process;
    private final Path proc;
    private final String root;
    private final String jail;
    private final StatusFile status;

    /**
     * Reads who the process is.
     *
     * @param process its directory
     * @param task that of a task that lives: a process whose first one has ended shows its files there only
     * @param root the directory in which the process's paths begin, empty for this process's own
     */
    SubjectFiles(String process, String task, String root) throws IOException {
        this.process = Paths.get(process);
        this.proc = Paths.get(task);
        this.root = root;
        this.jail =
                root.isEmpty() ? "/" : Files.readSymbolicLink(Paths.get(root)).toString();
        this.status = StatusFile.parse(read(this.process.resolve("status")));
    }

    static SubjectFiles own() throws IOException {
        return new SubjectFiles("/proc/self", "/proc/self", "");
    }

    StatusFile status() {
        return status;
    }

    /** Returns where a link leads, as the process would name it: for one in a chroot the kernel tells us our own name. */
    String link(String name) throws IOException {
        return inside(Files.readSymbolicLink(proc.resolve(name)).toString());
    }

    /** Returns the process's own name of a path. */
    String inside(String path) {
        return !jail.equals("/") && path.startsWith(jail + "/") ? path.substring(jail.length()) : path;
    }

    List<OpenDescriptor> openDescriptors() {
        return OpenDescriptor.all(proc, this);
    }

    /** Whether it is in a chroot and a path, as we see it, is not below it. */
    boolean isOutsideRoot(Path link) {
        try {
            return !jail.equals("/") && !Files.readSymbolicLink(link).startsWith(jail);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    /** Returns the process as {@code /proc} names it: a number, or {@code self}. */
    String processName() {
        return process.getFileName().toString();
    }

    String javaHome() throws IOException {
        Matcher mapped = LIBJVM.matcher(read(proc.resolve("maps")));
        if (!mapped.find()) {
            throw new NotAJvmException("it has not loaded libjvm.so, so it is no HotSpot JVM");
        }
        return inside(mapped.group(1));
    }

    List<String> commandLine() throws IOException {
        return Arrays.asList(read(proc.resolve("cmdline")).split("\0"));
    }

    Map<String, String> environment() throws IOException {
        Map<String, String> environment = new HashMap<>();
        for (String entry : read(proc.resolve("environ")).split("\0")) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                environment.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return environment;
    }

    int taskCount() {
        String[] tasks = process.resolve("task").toFile().list();
        return tasks == null ? 0 : tasks.length;
    }

    Path outside(String path) {
        return Paths.get(root + path);
    }

    /** Not toRealPath: links that are absolute would lead out of the process's root. */
    String realPath(String path) {
        String current = path;
        for (int i = 0; i < MOST_LINKS; i++) {
            String next = withoutFirstLink(current);
            if (next == null) {
                return current;
            }
            current = next;
        }
        return path;
    }

    private String withoutFirstLink(String path) {
        for (int end = path.indexOf('/', 1); ; end = path.indexOf('/', end + 1)) {
            String prefix = end < 0 ? path : path.substring(0, end);
            try {
                Path target = Files.readSymbolicLink(outside(prefix));
                String rest = end < 0 ? "" : path.substring(end + 1);
                return Paths.get(Obstacle.parent(prefix))
                        .resolve(target)
                        .resolve(rest)
                        .normalize()
                        .toString();
            } catch (IOException | UnsupportedOperationException e) {
                if (end < 0) {
                    return null; // no component is a link
                }
            }
        }
    }

    Descriptors descriptors() {
        return new Descriptors(proc, this);
    }

    /** Returns the text of a file that the process sees, or null. */
    String text(String path) {
        try {
            return read(outside(path));
        } catch (IOException e) {
            return null;
        }
    }

    String procText(String name) {
        try {
            return read(proc.resolve(name));
        } catch (IOException e) {
            return "";
        }
    }

    /** Files of /proc have no size. */
    static String read(Path file) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[8192];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                all.write(buffer, 0, count);
            }
        }
        return new String(all.toByteArray(), StandardCharsets.UTF_8);
    }
}

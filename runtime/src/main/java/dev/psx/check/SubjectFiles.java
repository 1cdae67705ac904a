package dev.psx.check;

import dev.psx.spi.StatusFile;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
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

/**
 * Reads what {@code /proc} tells of one process, each of its files once. What the JVM itself does not need before {@code main}
 * (regular expressions, channels, streams) is not used: loading it would cost more than the rest.
 */
final class SubjectFiles {

    private static final String LIBJVM = "/libjvm.so";
    private static final String LIB = "/lib";

    private static final int MOST_LINKS = 40;

    private final Path process;
    private final Path proc;
    private final String root;
    private final String jail;
    private final StatusFile status;
    private final Map<String, String> texts = new HashMap<>();
    private Descriptors descriptors;

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
        String maps = once("maps");
        for (int at = maps.indexOf(LIBJVM); at >= 0; at = maps.indexOf(LIBJVM, at + 1)) {
            String rest = maps.substring(at + LIBJVM.length(), endOfLine(maps, at));
            String home = rest.isEmpty() || rest.equals(" (deleted)")
                    ? homeOf(maps.substring(maps.indexOf('/', maps.lastIndexOf('\n', at) + 1), at))
                    : null;
            if (home != null) {
                return inside(home);
            }
        }
        throw new NotAJvmException("it has not loaded libjvm.so, so it is no HotSpot JVM");
    }

    private static int endOfLine(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    /** Takes lib/server off; JDK 8 has a directory for the architecture between. Returns null if the directory is none of these. */
    private static String homeOf(String directory) {
        String above = Obstacle.parent(directory);
        String home = above.endsWith(LIB) ? above : Obstacle.parent(above);
        return home.endsWith(LIB) && home.length() > LIB.length()
                ? home.substring(0, home.length() - LIB.length())
                : null;
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

    /** Not toRealPath for another process: links that are absolute would lead out of its root. */
    String realPath(String path) {
        if (root.isEmpty()) {
            try {
                return Paths.get(path).toRealPath().toString();
            } catch (IOException e) {
                return withoutLinks(path); // as far as it exists
            }
        }
        return withoutLinks(path);
    }

    private String withoutLinks(String path) {
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
        if (descriptors == null) {
            descriptors = Descriptors.read(proc, this);
        }
        return descriptors;
    }

    /**
     * Returns the text of a regular file that the process sees, or null. Nothing else is opened: a FIFO would wait for somebody who
     * writes, and a device may act.
     */
    String text(String path) {
        Path file = outside(path);
        try {
            return file.toFile().isFile() ? read(file) : null;
        } catch (IOException e) {
            return null;
        }
    }

    String procText(String name) {
        try {
            return once(name);
        } catch (IOException e) {
            return "";
        }
    }

    String processText(String name) {
        try {
            return read(process.resolve(name));
        } catch (IOException e) {
            return "";
        }
    }

    private String once(String name) throws IOException {
        String text = texts.get(name);
        if (text == null) {
            text = read(proc.resolve(name));
            texts.put(name, text);
        }
        return text;
    }

    /** Files of /proc have no size. */
    static String read(Path file) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (InputStream in = new FileInputStream(file.toFile())) {
            byte[] buffer = new byte[8192];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                all.write(buffer, 0, count);
            }
        }
        return new String(all.toByteArray(), StandardCharsets.UTF_8);
    }
}

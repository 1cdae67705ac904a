package dev.psx.drop;

import dev.psx.check.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.function.Function;

/** Internal: the process that a drop is about, as {@code /proc} shows it: this one, or another that is only looked at. */
final class LookedAt {

    private final Function<Object[], Object> port;
    private final String directory;

    /** Null for this process. */
    private final Subject other;

    private LookedAt(Function<Object[], Object> port, String directory, Subject other) {
        this.port = port;
        this.directory = directory;
        this.other = other;
    }

    static LookedAt self(Function<Object[], Object> port) {
        return new LookedAt(port, "/proc/self", null);
    }

    static LookedAt other(Function<Object[], Object> port, int pid, Subject other) {
        return new LookedAt(port, "/proc/" + Integer.toUnsignedString(pid), other);
    }

    /** Its directory, and while that is there it lives. */
    String directory() {
        return directory;
    }

    String task(int tid) {
        return directory + "/task/" + tid;
    }

    /** Which directory is the root of a task, null if it cannot be told. */
    FileId root(int tid) {
        return other == null ? FileId.ofTask(port, tid, "root") : FileId.of(port, task(tid) + "/root");
    }

    /** The file at a path as a task sees it, null if it sees none. */
    FileId file(int tid, String path) {
        return FileId.of(port, task(tid) + "/root" + path);
    }

    /** Returns the path without symbolic links, as the process itself would name it. */
    Path real(String path) throws IOException {
        return other == null ? Paths.get(path).toRealPath() : Paths.get(other.realPath(path));
    }

    /** Returns where a descriptor leads, as the process itself would name it. */
    Path target(Path descriptor) throws IOException {
        Path target = Files.readSymbolicLink(descriptor);
        return other == null ? target : Paths.get(other.inside(target.toString()));
    }

    /** The engine's own directory is made harmless by the drop. */
    boolean isEngines(Path descriptor) throws IOException {
        FileId engines = FileId.of(port, directory + "/task");
        return engines != null && engines.equals(FileId.of(port, descriptor.toString()))
                || other != null && target(descriptor).toString().equals("/proc/" + other.innermostPid() + "/task");
    }
}

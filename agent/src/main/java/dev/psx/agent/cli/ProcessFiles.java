package dev.psx.agent.cli;

import dev.psx.Credentials;
import dev.psx.spi.StatusFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.SortedSet;
import java.util.TreeSet;

/** The files under {@code /proc/PID}, and what their errors mean to the user. */
final class ProcessFiles {

    private static final Path PROC = Paths.get("/proc");

    /** Fields of a stat file behind the name, which may hold anything, so that only its last parenthesis counts. */
    private static final int FLAGS = 6;

    private static final int START_TIME = 19;
    private static final int READS = 3;
    private static final int BUFFER = 8192;

    private final int pid;
    private final Path directory;
    private final String startTime;
    private final StatusFile leader;

    private ProcessFiles(int pid) throws IOException, CommandFailure {
        this.pid = pid;
        this.directory = PROC.resolve(Integer.toString(pid));
        this.startTime = startTime();
        this.leader = StatusFile.parse(read(directory.resolve("status")));
        if (leader.tgid() != pid) {
            throw new CommandFailure(
                    "no such process: " + pid + " is a thread of process " + leader.tgid() + "; give that PID");
        }
    }

    static ProcessFiles of(int pid) throws CommandFailure {
        try {
            return new ProcessFiles(pid);
        } catch (AccessDeniedException e) {
            throw notAllowed(pid);
        } catch (IOException | IllegalArgumentException e) {
            throw gone(pid);
        }
    }

    int pid() {
        return pid;
    }

    /** The first task, as it was at the beginning. */
    StatusFile leader() {
        return leader;
    }

    /** The directory of one task. */
    Path task(int tid) {
        return directory.resolve("task").resolve(Integer.toString(tid));
    }

    SortedSet<Integer> taskIds() throws CommandFailure {
        SortedSet<Integer> ids = new TreeSet<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(directory.resolve("task"))) {
            tasks.forEach(task -> ids.add(Integer.parseInt(task.getFileName().toString())));
        } catch (AccessDeniedException e) {
            throw notAllowed(pid);
        } catch (IOException | DirectoryIteratorException e) {
            throw gone(pid);
        }
        return ids;
    }

    /** Reads one task; null if it has ended. A task that is still there but ends or changes while it is read is read again. */
    RawTask readTask(int tid) throws CommandFailure {
        Path task = task(tid);
        Exception failure = null;
        for (int i = 0; i < READS && (i == 0 || Files.exists(task)); i++) {
            try {
                int flags = Integer.parseUnsignedInt(statField(task, FLAGS));
                return new RawTask(read(task.resolve("status")), flags);
            } catch (AccessDeniedException e) {
                throw notAllowed(pid);
            } catch (IOException | IllegalArgumentException e) {
                failure = e;
            }
        }
        if (Files.exists(task)) {
            throw new CommandFailure("cannot read " + task + ": " + failure);
        }
        return null;
    }

    /** Checks that the process is still the one that was found first. */
    void checkUnchanged() throws CommandFailure {
        try {
            if (!startTime().equals(startTime)) {
                throw gone(pid);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw gone(pid);
        }
    }

    static CommandFailure gone(int pid) {
        return new CommandFailure("no such process: " + pid
                + " (ESRCH); it has ended, or /proc does not show it to this user: check the PID, or run this as root");
    }

    static CommandFailure notAllowed(int pid) {
        return new CommandFailure("not allowed to look at process " + pid
                + " (EACCES): run this as root; in a container as root with CAP_SYS_PTRACE");
    }

    /**
     * Reads a whole file. Names in it may be of any bytes.
     *
     * <p>Files.readAllBytes begins with one byte where the size is unknown; files below /proc/sys then give the rest to nobody.
     */
    static String read(Path file) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                all.write(buffer, 0, count);
            }
        }
        return new String(all.toByteArray(), StandardCharsets.UTF_8);
    }

    private String startTime() throws IOException {
        return statField(directory, START_TIME);
    }

    private static String statField(Path task, int index) throws IOException {
        String stat = read(task.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ");
        if (fields.length <= index) {
            throw new NoSuchFileException(task.toString());
        }
        return fields[index];
    }

    /** One task as the kernel describes it. */
    static final class RawTask {

        final StatusFile status;
        final Credentials credentials;
        final int flags;
        final String text;

        RawTask(String status, int flags) {
            this.status = StatusFile.parse(status);
            this.credentials = Credentials.parse(status);
            this.flags = flags;
            this.text = status;
        }
    }
}

package dev.psx.agent.cli;

import dev.psx.spi.TaskKinds;
import dev.psx.spi.ThreadTable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;

/** Finds the agent's table of threads among the open files of a process. */
final class TableFinder {

    private TableFinder() {}

    /** Returns the table, or null if the process has none. A dead leader has no files any more: any living task will do. */
    static ThreadTable find(ProcessFiles files, Collection<ProcessFiles.RawTask> tasks) throws CommandFailure {
        for (ProcessFiles.RawTask task : tasks) {
            if (task.status.dead() || TaskKinds.kernel(task.flags)) {
                continue;
            }
            try {
                return findAmong(
                        files.task(task.status.tid()).resolve("fd"),
                        files.leader().innermostTid());
            } catch (AccessDeniedException e) {
                throw ProcessFiles.notAllowed(files.pid());
            } catch (IOException | DirectoryIteratorException e) {
                continue; // the task has ended: the next one has the same files
            }
        }
        return null;
    }

    private static ThreadTable findAmong(Path descriptors, int tgid) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
            for (Path descriptor : all) {
                ThreadTable table = leadsToTable(descriptor) ? read(descriptor) : null;
                // A child may have inherited the table of its parent.
                if (table != null && table.tgid() == tgid) {
                    return table;
                }
            }
        }
        return null;
    }

    private static boolean leadsToTable(Path descriptor) throws IOException {
        try {
            // A FIFO of that name would hold whoever opens it.
            return Files.readSymbolicLink(descriptor).toString().equals(ThreadTable.LINK)
                    && Files.isRegularFile(descriptor);
        } catch (AccessDeniedException e) {
            throw e;
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    private static ThreadTable read(Path descriptor) throws IOException {
        try (FileChannel file = FileChannel.open(descriptor, StandardOpenOption.READ)) {
            return ThreadTable.read(file);
        } catch (AccessDeniedException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            return null; // closed meanwhile, or something else under that name
        }
    }
}

package dev.psx.agent.cli;

import dev.psx.spi.TaskKinds;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells io_uring's pollers from other kernel workers. Both carry the same flags, and any thread of the process can rename them:
 * so the rings are asked too which task polls them, and the name convicts a task but never acquits it.
 */
final class Pollers {

    private static final String NAME = "iou-sqp-";
    private static final String RING = "anon_inode:[io_uring]";
    private static final Pattern POLLED_BY = Pattern.compile("^SqThread:\\s*(\\d+)$", Pattern.MULTILINE);

    private Pollers() {}

    static Set<Integer> find(ProcessFiles files, Collection<ProcessFiles.RawTask> tasks) {
        Set<Integer> workers = new HashSet<>();
        Set<Integer> pollers = new HashSet<>();
        for (ProcessFiles.RawTask task : tasks) {
            if (TaskKinds.kernel(task.flags)) {
                workers.add(task.status.tid());
                if (task.status.name().startsWith(NAME)) {
                    pollers.add(task.status.tid());
                }
            }
        }
        if (!workers.isEmpty()) {
            Set<Integer> named = namedByRings(files, tasks);
            named.retainAll(workers);
            pollers.addAll(named);
        }
        return pollers;
    }

    private static Set<Integer> namedByRings(ProcessFiles files, Collection<ProcessFiles.RawTask> tasks) {
        Set<Integer> named = new HashSet<>();
        for (ProcessFiles.RawTask task : tasks) {
            if (task.status.dead() || TaskKinds.kernel(task.flags)) {
                continue;
            }
            Path directory = files.task(task.status.tid());
            try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(directory.resolve("fd"))) {
                for (Path descriptor : descriptors) {
                    addPoller(descriptor, directory.resolve("fdinfo").resolve(descriptor.getFileName()), named);
                }
                return named;
            } catch (IOException | DirectoryIteratorException e) {
                continue; // the task has ended: the next one has the same files
            }
        }
        return named;
    }

    private static void addPoller(Path descriptor, Path info, Set<Integer> named) {
        try {
            if (Files.readSymbolicLink(descriptor).toString().equals(RING)) {
                Matcher line = POLLED_BY.matcher(ProcessFiles.read(info));
                if (line.find()) {
                    named.add(Integer.parseInt(line.group(1)));
                }
            }
        } catch (IOException | NumberFormatException e) {
            return; // closed meanwhile
        }
    }
}

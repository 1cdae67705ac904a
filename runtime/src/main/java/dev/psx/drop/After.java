package dev.psx.drop;

import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import dev.psx.spi.TaskSnapshot;
import java.util.List;
import java.util.function.Function;

/** Internal: what there is when a drop is over. */
final class After {

    /** Those that owe nothing. */
    final List<TaskSnapshot> tasks;

    private final Function<Object[], Object> port;

    After(Function<Object[], Object> port, List<TaskSnapshot> tasks) {
        this.port = port;
        this.tasks = tasks;
    }

    /** Asks the calling task. */
    OwnCall own(Program question) {
        return OwnCall.make(port, question);
    }

    /** The file at a path as the calling task sees it, null if it sees none. */
    FileId file(String path) {
        return FileId.of(port, path);
    }

    /** Whether the task, about which something could not be told, has ended meanwhile. */
    boolean ended(TaskSnapshot task) {
        return task.hasEnded(port);
    }

    /** Device and inode of what a link of the task leads to, null if it cannot be told. */
    FileId file(TaskSnapshot task, String link) {
        return FileId.ofTask(port, task.tid(), link);
    }
}

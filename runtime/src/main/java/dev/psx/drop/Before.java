package dev.psx.drop;

import dev.psx.Credentials;
import dev.psx.spi.Broadcast;
import dev.psx.spi.BroadcastReport;
import dev.psx.spi.CapabilityCalls;
import dev.psx.spi.Errno;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import dev.psx.spi.TaskSnapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Internal: what there is when a drop begins. What status files do not show is asked for when it matters, once. */
final class Before {

    /** Of every task, in the order of {@link #tasks}. */
    final List<Credentials> credentials;

    /** Empty if nothing but their credentials is known. */
    final List<TaskSnapshot> tasks;

    /** Null if the credentials are those of another process. */
    final Function<Object[], Object> port;

    private Integer secureBits;
    private Boolean secureBitsAgree;

    Before(Function<Object[], Object> port, List<TaskSnapshot> tasks) {
        List<Credentials> all = new ArrayList<>();
        for (TaskSnapshot task : tasks) {
            all.add(task.credentials());
        }
        this.port = port;
        this.tasks = tasks;
        this.credentials = all;
    }

    private Before(List<Credentials> credentials, List<TaskSnapshot> tasks) {
        this.port = null;
        this.tasks = tasks;
        this.credentials = credentials;
    }

    /** Of a process that can only be looked at: what cannot be seen counts as not being what is wanted. */
    static Before elsewhere(List<Credentials> credentials) {
        return new Before(credentials, Collections.<TaskSnapshot>emptyList());
    }

    /** As above, with its tasks. */
    static Before elsewhereOf(List<TaskSnapshot> tasks) {
        List<Credentials> credentials = new ArrayList<>();
        for (TaskSnapshot task : tasks) {
            credentials.add(task.credentials());
        }
        return new Before(credentials, tasks);
    }

    boolean isElsewhere() {
        return port == null;
    }

    /** Asks the calling task. */
    OwnCall own(Program question) {
        return OwnCall.make(port, question);
    }

    /** The calling task's; 0 if they cannot be had. */
    int ownSecureBits() {
        if (secureBits == null) {
            long bits = isElsewhere() ? 0 : own(CapabilityCalls.getSecureBits()).result;
            secureBits = Errno.isError(bits) ? 0 : (int) bits;
        }
        return secureBits;
    }

    /** Whether every task has these bits. */
    boolean secureBitsAre(int bits) {
        if (isElsewhere() || ownSecureBits() != bits) {
            return false;
        }
        if (secureBitsAgree == null) {
            secureBitsAgree = agree(CapabilityCalls.getSecureBits());
        }
        return secureBitsAgree;
    }

    /** Whether calls that only look give the same on every task. A task that cannot be asked may differ. */
    boolean agree(Program question) {
        return Broadcast.send(port, question, 0).status == BroadcastReport.DONE;
    }

    /** What is permitted to all tasks. */
    long permitted() {
        long common = -1;
        for (Credentials each : credentials) {
            common &= each.permitted();
        }
        return common;
    }

    /** What is effective in all tasks. */
    long effective() {
        long common = -1;
        for (Credentials each : credentials) {
            common &= each.effective();
        }
        return common;
    }

    /** What is ambient in any task. */
    long ambient() {
        long any = 0;
        for (Credentials each : credentials) {
            any |= each.ambient();
        }
        return any;
    }

    /** Device and inode of what a link of a task leads to, null if it cannot be told. */
    FileId file(TaskSnapshot task, String link) {
        return FileId.ofTask(port, task.tid(), link);
    }
}

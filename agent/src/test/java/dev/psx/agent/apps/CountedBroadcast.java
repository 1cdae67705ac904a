package dev.psx.agent.apps;

import dev.psx.spi.EnginePort;
import dev.psx.spi.Program;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Broadcasts that every task proves: each writes 1 to an eventfd and changes one of its uids. The sum must be the number of
 * tasks that took part, and afterwards no task may be left with the old uid.
 */
final class CountedBroadcast {

    private static final int PENDING = 2;
    private static final int MISSING = 4;
    private static final int WORDS = 6;

    /** Counted from the field behind the name. */
    private static final int FLAGS = 6;

    private static final int PF_EXITING = 4;

    private final Function<Object[], Object> port = EnginePort.get();
    private final int eventfd = Fixture.eventfd();
    private final boolean saved;

    private CountedBroadcast(boolean saved) {
        this.saved = saved;
    }

    static CountedBroadcast ofEffectiveUid() {
        return new CountedBroadcast(false);
    }

    /** Nothing but the kernel's status files ever shows the saved uid: whatever else looks at the process is not disturbed. */
    static CountedBroadcast ofSavedUid() {
        return new CountedBroadcast(true);
    }

    /** One broadcast, which changes the uid to the lowest bit of the round. */
    void run(long round) throws IOException {
        int uid = (int) (round & 1);
        Program program = new Program()
                .add("write", eventfd, Fixture.one(), 8)
                .add("setresuid", -1, saved ? -1 : uid, saved ? uid : -1);
        Object[] answer = (Object[]) port.apply(new Object[] {"broadcast", program.encoded(), program.blobs(), 0});
        long[] header = (long[]) answer[0];
        if (header[0] != 0) {
            throw new IllegalStateException("round " + round + ": status " + header[0] + ", result " + header[2]
                    + ", attempts " + header[4] + missing((long[]) answer[1]));
        }
        awaitSum(round, header[3], pending((long[]) answer[1]));
        checkUid(round, saved ? "0\t0\t" + uid + "\t0" : "0\t" + uid + "\t0\t" + uid);
    }

    /** Tasks asleep in the kernel may write a little later; all others have written when the broadcast returns. */
    private void awaitSum(long round, long tasks, long pending) {
        long sum = Math.max(0, Fixture.readCounter(eventfd));
        boolean exact = sum >= tasks - pending && sum <= tasks;
        long deadline = System.nanoTime() + 2_000_000_000L;
        while (exact && sum < tasks && System.nanoTime() < deadline) {
            sum += Math.max(0, Fixture.readCounter(eventfd));
        }
        if (!exact || sum != tasks) {
            throw new IllegalStateException(
                    "round " + round + ": " + sum + " runs on " + tasks + " tasks, " + pending + " pending");
        }
    }

    /** The tasks that were not gathered, and why: see enum psx_reason of psx.h. */
    private static String missing(long[] entries) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < entries.length; at += WORDS) {
            if (entries[at + 1] == MISSING) {
                text.append("; task ").append(entries[at]).append(" reason ").append(entries[at + 3]);
                text.append(" detail ").append(entries[at + 5]);
            }
        }
        return text.toString();
    }

    private static long pending(long[] entries) {
        long count = 0;
        for (int at = 1; at < entries.length; at += WORDS) {
            count += entries[at] == PENDING ? 1 : 0;
        }
        return count;
    }

    private static void checkUid(long round, String ids) throws IOException {
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                // In this order: a task that was in exit before it was looked at may have been in exit at the
                // broadcast.
                String status = isExiting(task) ? "" : textUnlessGone(task.resolve("status"));
                if (!status.isEmpty() && !status.contains("\nUid:\t" + ids + "\n")) {
                    throw new IllegalStateException("round " + round + ": wants uids " + ids + ": " + status);
                }
            }
        }
    }

    /** PF_EXITING: it runs no user code any more, so broadcasts pass it over. */
    private static boolean isExiting(Path task) {
        String stat = textUnlessGone(task.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ");
        return fields.length <= FLAGS || (Long.parseLong(fields[FLAGS]) & PF_EXITING) != 0;
    }

    private static String textUnlessGone(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}

package dev.psx.agent.apps;

import dev.psx.spi.Program;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Broadcasts that every task proves: each writes 1 to an eventfd and changes one of its uids. The sum must be the number of
 * tasks that took part, and afterwards no task may be left with the old uid.
 */
final class CountedBroadcast {

    /** Counted from the field behind the name. */
    private static final int FLAGS = 6;

    private static final int PF_EXITING = 4;

    private final RunCounter runs = new RunCounter();
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
        count(round);
        int uid = (int) (round & 1);
        checkUid(round, saved ? "0\t0\t" + uid + "\t0" : "0\t" + uid + "\t0\t" + uid);
    }

    /** The same without the look at the uids, which takes longer than the broadcast. */
    void count(long round) {
        int uid = (int) (round & 1);
        String what = "round " + round;
        Program program = new Program()
                .add("write", runs.fd(), Fixture.one(), 8)
                .add("setresuid", -1, saved ? -1 : uid, saved ? uid : -1);
        runs.check(what, Answer.of(program).require(what, Answer.DONE));
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

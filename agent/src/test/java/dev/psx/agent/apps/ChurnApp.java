package dev.psx.agent.apps;

import dev.psx.Psx;
import dev.psx.plan.PrivilegePlan;
import dev.psx.spi.EnginePort;
import dev.psx.spi.Program;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Broadcasts while threads come and go as fast as they can. Mode {@code count}: every task writes 1 to an eventfd and changes its
 * effective uid; the sum must be the number of tasks that took part, and no task may be left with the old uid.
 * Mode {@code filter}: every task installs one more seccomp filter; threads inherit filters, so that every fault stays visible.
 * Mode {@code drop}: one drop, after which the churn goes on until a line is read.
 */
public final class ChurnApp {

    private static final int SECCOMP_SET_MODE_FILTER = 1;
    private static final int PENDING = 2;
    private static final int MISSING = 4;
    private static final int WORDS = 6;

    /** Counted from the field behind the name. */
    private static final int FLAGS = 6;

    private static final int PF_EXITING = 4;

    private static final AtomicBoolean CHURNING = new AtomicBoolean(true);
    private static final AtomicLong BORN = new AtomicLong();

    private ChurnApp() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[1]);
        Crowd.start(10, 5, 1);
        for (int i = 0; i < 2; i++) {
            Thread thread = new Thread(ChurnApp::churn, "churn-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        Fixture.startChurn(2);
        long begun = System.nanoTime();
        switch (arguments[0]) {
            case "count" -> count(rounds);
            case "filter" -> filter(rounds);
            default -> drop();
        }
        CHURNING.set(false);
        long nativeBorn = Fixture.stopChurn();
        System.out.printf(
                "done %d broadcasts in %d ms beside %d Java and %d native threads%n",
                rounds, (System.nanoTime() - begun) / 1_000_000, BORN.get(), nativeBorn);
        new BufferedReader(new InputStreamReader(System.in)).readLine();
    }

    private static void count(int rounds) throws IOException {
        Function<Object[], Object> port = EnginePort.get();
        int eventfd = Fixture.eventfd();
        for (int round = 1; round <= rounds; round++) {
            int euid = round % 2;
            Program program =
                    new Program().add("write", eventfd, Fixture.one(), 8).add("setresuid", -1, euid, -1);
            Object[] answer = (Object[]) port.apply(new Object[] {"broadcast", program.encoded(), program.blobs(), 0});
            long[] header = (long[]) answer[0];
            if (header[0] != 0) {
                throw new IllegalStateException("round " + round + ": status " + header[0] + ", result " + header[2]
                        + ", attempts " + header[4] + missing((long[]) answer[1]));
            }
            awaitSum(round, eventfd, header[3], pending((long[]) answer[1]));
            checkUid(round, euid);
        }
    }

    /** Tasks asleep in the kernel may write a little later; all others have written when the broadcast returns. */
    private static void awaitSum(int round, int eventfd, long tasks, long pending) {
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

    private static void checkUid(int round, int euid) throws IOException {
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                // In this order: a task that was in exit before it was looked at may have been in exit at the
                // broadcast.
                String status = isExiting(task) ? "" : textUnlessGone(task.resolve("status"));
                if (!status.isEmpty() && !status.contains("\nUid:\t0\t" + euid + "\t0\t" + euid + "\n")) {
                    throw new IllegalStateException("round " + round + ": wants euid " + euid + ": " + status);
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

    private static void filter(int rounds) {
        long seccomp = System.getProperty("os.arch").equals("aarch64") ? 277 : 317;
        for (int round = 0; round < rounds; round++) {
            Psx.allThreadsSyscall(seccomp, SECCOMP_SET_MODE_FILTER, 0, Fixture.allowAll());
        }
    }

    private static void drop() throws IOException {
        System.out.println("dropped "
                + PrivilegePlan.builder().user("nobody").build().apply().tasks() + " tasks");
        System.in.read();
    }

    private static void churn() {
        while (CHURNING.get()) {
            Thread[] batch = new Thread[8];
            for (int i = 0; i < batch.length; i++) {
                batch[i] = new Thread(BORN::incrementAndGet);
                batch[i].start();
            }
            for (Thread thread : batch) {
                join(thread);
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

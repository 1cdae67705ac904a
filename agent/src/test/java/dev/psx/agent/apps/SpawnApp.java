package dev.psx.agent.apps;

import dev.psx.Posix;
import dev.psx.plan.PrivilegePlan;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Changes ids while two threads start children without a break, and looks, when each change has returned, for a child that is
 * between fork and its own program and still has the old ids: it would run with them later. A child that reached its program
 * before the change is a process of its own, and no concern here.
 */
public final class SpawnApp {

    private static final String PROGRAM = "true";

    /** A child whose exec was done may be seen under its old name for an instant; one in the JDK's helper stays for longer. */
    private static final long INSTANT_NANOS = 500_000;

    private static final AtomicInteger STARTED = new AtomicInteger();
    private static final AtomicReference<Throwable> FAILURE = new AtomicReference<>();

    private SpawnApp() {}

    public static void main(String[] arguments) throws Exception {
        boolean libc = arguments[0].equals("libc");
        int rounds = Integer.parseInt(arguments[1]);
        for (int i = 0; i < 2; i++) {
            Thread thread = new Thread(SpawnApp::startChildren, "spawner-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        int late = 0;
        for (int round = 1; round <= rounds; round++) {
            int euid = round % 2;
            awaitChildren(STARTED.get() + 1);
            if (libc) {
                Fixture.seteuid(euid);
            } else {
                Posix.seteuid(euid);
            }
            late += childrenWithout(euid);
        }
        if (!libc) {
            PrivilegePlan.builder().user("nobody").build().apply();
            late += childrenWithout(65534);
        }
        System.out.println("late " + late + " of " + STARTED.get() + " children");
        System.exit(0);
    }

    private static void startChildren() {
        try {
            while (true) {
                Process child = new ProcessBuilder(PROGRAM).start();
                STARTED.incrementAndGet();
                child.waitFor();
            }
        } catch (IOException | InterruptedException e) {
            FAILURE.set(e);
        }
    }

    private static void awaitChildren(int count) {
        while (STARTED.get() < count) {
            if (FAILURE.get() != null) {
                throw new IllegalStateException(FAILURE.get());
            }
            Thread.onSpinWait();
        }
    }

    private static int childrenWithout(int euid) throws IOException {
        int late = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                for (String child : text(task.resolve("children")).split(" ")) {
                    late += !child.isBlank() && isLate(child.trim(), euid) ? 1 : 0;
                }
            }
        }
        return late;
    }

    private static boolean isLate(String child, int euid) {
        Path status = Path.of("/proc", child, "status");
        if (!isUnderWayWithout(euid, text(status))) {
            return false;
        }
        long until = System.nanoTime() + INSTANT_NANOS;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        return isUnderWayWithout(euid, text(status));
    }

    private static boolean isUnderWayWithout(int euid, String status) {
        return !status.isEmpty()
                && !status.contains("State:\tZ")
                && !status.startsWith("Name:\t" + PROGRAM + "\n")
                && !status.matches("(?s).*\nUid:\t\\d+\t" + euid + "\t.*");
    }

    /** Children end when they like. */
    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}

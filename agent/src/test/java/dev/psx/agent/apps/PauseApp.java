package dev.psx.agent.apps;

import dev.psx.spi.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Gathering that fails again and again, because one thread is in the kernel for longer than all of give-up; and a thread that
 * notes the longest time in which it did not run, less what it waited for a processor. The argument is the number of
 * broadcasts.
 */
public final class PauseApp {

    private static final int UNREACHABLE = 2;

    private static volatile boolean probing = true;

    private PauseApp() {}

    public static void main(String[] arguments) throws Exception {
        Crowd.start(2, 2, 1);
        long tid = Deviants.startKernelBound();
        if (tid < 0) {
            System.out.println("unsupported errno " + -tid);
            return;
        }
        Probe probe = new Probe();
        probe.start();
        probe.awaitRunning();
        Program program = new Program().add("setresuid", -1, -1, -1);
        Answer.of(program); // what this needs for the first time it shall not need beside the probe
        long unreachable = 0;
        long attempts = 0;
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            Deviants.awaitKernelCall(); // one has just begun
            Answer answer = Answer.of(program);
            unreachable += answer.status() == UNREACHABLE ? 1 : 0;
            attempts += answer.attempts();
        }
        probing = false;
        probe.join();
        System.out.println(
                "done unreachable " + unreachable + " attempts " + attempts + " longest " + probe.longest / 1000);
    }

    private static final class Probe extends Thread {

        private static final Path SCHEDSTAT = Path.of("/proc/thread-self/schedstat");
        private static final long WORTH_A_LOOK = 1_000_000;

        private volatile boolean running;
        private long longest;

        Probe() {
            super("probe");
        }

        void awaitRunning() {
            while (!running) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void run() {
            try {
                probe();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        /** The look at the scheduler's figures takes time itself, which is not to count as a stall. */
        private void probe() throws IOException {
            long delayed = runDelay();
            long last = System.nanoTime();
            while (probing) {
                running = true;
                long now = System.nanoTime();
                if (now - last >= WORTH_A_LOOK) {
                    long delayedNow = runDelay();
                    longest = Math.max(longest, now - last - (delayedNow - delayed));
                    delayed = delayedNow;
                    now = System.nanoTime();
                }
                last = now;
            }
        }

        /** How long this thread was ready to run without a processor, in nanoseconds. */
        private static long runDelay() throws IOException {
            return Long.parseLong(Files.readString(SCHEDSTAT).split(" ")[1]);
        }
    }
}

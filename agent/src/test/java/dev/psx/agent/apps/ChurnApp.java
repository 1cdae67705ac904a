package dev.psx.agent.apps;

import dev.psx.Psx;
import dev.psx.plan.PrivilegePlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Broadcasts while threads come and go as fast as they can. Mode {@code count}: each is a {@link CountedBroadcast}.
 * Mode {@code filter}: every task installs one more seccomp filter; threads inherit filters, so that every fault stays visible.
 * Mode {@code drop}: one drop, after which the churn goes on until a line is read.
 */
public final class ChurnApp {

    private static final int SECCOMP_SET_MODE_FILTER = 1;

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
        CountedBroadcast broadcast = CountedBroadcast.ofEffectiveUid();
        for (int round = 1; round <= rounds; round++) {
            broadcast.run(round);
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

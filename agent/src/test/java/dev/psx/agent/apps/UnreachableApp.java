package dev.psx.agent.apps;

import dev.psx.Posix;
import dev.psx.Psx;
import dev.psx.Task;
import dev.psx.UnreachableException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** Tasks that block every signal by raw means: one of Java, one of native code. One call for each line of standard input. */
public final class UnreachableApp {

    private UnreachableApp() {}

    public static void main(String[] arguments) throws Exception {
        if (!Psx.isAvailable()) { // which starts the engine, and that changes the handlers of signals
            throw new IllegalStateException(Psx.unavailabilityCause());
        }
        Crowd.start(6, 5, 1);
        System.out.println("native " + Deviants.startDeaf());
        System.out.println("java " + startDeafJava());
        System.out.println("ready");
        while (nextLine()) {
            call();
        }
    }

    private static boolean nextLine() throws IOException {
        int c = System.in.read();
        while (c >= 0 && c != '\n') {
            c = System.in.read();
        }
        return c == '\n';
    }

    private static long startDeafJava() throws InterruptedException {
        long[] tid = {0};
        CountDownLatch ready = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    tid[0] = Deviants.becomeDeaf();
                    ready.countDown();
                    while (true) {
                        LockSupport.park();
                    }
                },
                "a deaf thread of the application");
        thread.setDaemon(true);
        thread.start();
        ready.await();
        return tid[0];
    }

    private static void call() {
        long begin = System.nanoTime();
        try {
            Posix.setresuid(1, 1, 0);
            System.out.println("returned");
        } catch (UnreachableException e) {
            long millis = (System.nanoTime() - begin) / 1_000_000;
            System.out.println("message " + e.getMessage());
            for (Task task : e.tasks()) {
                System.out.println("task " + task.tid() + " "
                        + task.thread().map(Thread::getName).orElse("none"));
            }
            System.out.println("failed " + millis);
        }
    }
}

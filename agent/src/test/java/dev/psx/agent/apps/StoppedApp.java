package dev.psx.agent.apps;

import dev.psx.Posix;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Two threads broadcast without a break, each waiting for the other most of the time. For each line of standard input it says when
 * both have gone on and threads have been started; it ends at the first broadcast that fails.
 */
public final class StoppedApp {

    private static final int BROADCASTERS = 2;
    private static final int MORE = 20;

    private static final AtomicIntegerArray DONE = new AtomicIntegerArray(BROADCASTERS);

    private StoppedApp() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Crowd.start(10, 5, 1);
        for (int i = 0; i < BROADCASTERS; i++) {
            int index = i;
            Thread thread = new Thread(() -> broadcast(index), "broadcaster-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        awaitMore();
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            awaitMore();
            System.out.println("went on");
        }
    }

    private static void broadcast(int index) {
        try {
            while (true) {
                Posix.setresuid(-1, 0, -1);
                DONE.incrementAndGet(index);
            }
        } catch (RuntimeException e) {
            System.out.println("failed " + Thread.currentThread().getName() + ": " + e);
            Runtime.getRuntime().halt(1);
        }
    }

    /** Each of them so many more; meanwhile other threads are started, which waits for them as well. */
    private static void awaitMore() throws InterruptedException {
        for (int i = 0; i < BROADCASTERS; i++) {
            int wanted = DONE.get(i) + MORE;
            while (DONE.get(i) < wanted) {
                Thread thread = new Thread(() -> {}, "started");
                thread.start();
                thread.join();
            }
        }
    }
}

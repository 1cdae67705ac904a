package dev.psx.agent.apps;

import dev.psx.Posix;
import java.util.concurrent.atomic.AtomicInteger;

/** Ends in the way that the argument names while two threads broadcast without a break. */
public final class ExitApp {

    private static final AtomicInteger DONE = new AtomicInteger();

    private ExitApp() {}

    public static void main(String[] arguments) throws InterruptedException {
        Crowd.start(10, 5, 1);
        for (int i = 0; i < 2; i++) {
            Thread thread = new Thread(ExitApp::broadcast, "broadcaster-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        awaitMoreBroadcasts();
        switch (arguments[0]) {
            case "exit" -> System.exit(3);
            case "halt" -> Runtime.getRuntime().halt(3);
            case "hooks" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(ExitApp::awaitMoreBroadcasts));
                System.exit(3);
            }
            default -> System.out.println("main returns");
        }
    }

    private static void broadcast() {
        while (true) {
            Posix.setresuid(-1, 0, -1);
            DONE.incrementAndGet();
        }
    }

    private static void awaitMoreBroadcasts() {
        int wanted = DONE.get() + 20;
        while (DONE.get() < wanted) {
            Thread.onSpinWait();
        }
    }
}

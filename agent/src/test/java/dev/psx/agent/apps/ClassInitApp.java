package dev.psx.agent.apps;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Broadcasts from inside a class initialiser while other threads wait for that very class. */
public final class ClassInitApp {

    private static final int WAITERS = 4;

    private static final List<Thread> WAITING = new ArrayList<>();
    private static final AtomicInteger PASSED = new AtomicInteger();

    private static int rounds;

    private ClassInitApp() {}

    public static void main(String[] arguments) throws Exception {
        rounds = Integer.parseInt(arguments[0]);
        Crowd.start(6, 5, 1);
        Initialising.touch();
        for (Thread thread : WAITING) {
            thread.join();
        }
        Rounds.finish("with " + PASSED.get() + " threads waiting for the class");
    }

    /** Its initialiser is where it all happens. */
    private static final class Initialising {

        static {
            for (int i = 0; i < WAITERS; i++) {
                Thread thread = new Thread(ClassInitApp::waitForClass, "waits-for-class-" + i);
                thread.start();
                WAITING.add(thread);
            }
            WAITING.forEach(Initialising::awaitWaiting);
            broadcast();
            if (PASSED.get() != 0) {
                throw new IllegalStateException("nobody waited for the class");
            }
        }

        /** Whoever calls this needs the class. */
        static void touch() {}

        /** Behind the waiter's last line of code that needs no class, there is nothing but the wait. */
        private static void awaitWaiting(Thread thread) {
            while (true) {
                StackTraceElement[] stack = thread.getStackTrace();
                if (stack.length > 0 && stack[0].getMethodName().equals("touchNow")) {
                    return;
                }
                Thread.onSpinWait();
            }
        }

        private static void broadcast() {
            try {
                new Rounds().run(rounds);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void waitForClass() {
        touchNow();
        PASSED.incrementAndGet();
    }

    private static void touchNow() {
        Initialising.touch();
    }
}

package dev.psx.agent.apps;

import dev.psx.process.Exec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Becomes another program while Java and native code create threads, and tasks that libc does not know, all the while. */
public final class SetUidExecApp {

    private static final AtomicLong BORN = new AtomicLong();

    static {
        System.load(System.getProperty("psx.fixture"));
    }

    private SetUidExecApp() {}

    /** @param arguments whether all tasks are held, the program, a number that varies the moment */
    public static void main(String[] arguments) {
        Fixture.startChurn(1);
        Storm.setPause(0);
        Storm.start(1, 0);
        Thread creator = new Thread(SetUidExecApp::createThreads);
        creator.setDaemon(true);
        creator.start();
        long later = BORN.get() + 2 + Integer.parseInt(arguments[2]) % 5;
        while (BORN.get() < later || Storm.rawBorn() < 10) {
            Thread.onSpinWait();
        }
        if (arguments[0].equals("held")) {
            Exec.exec(arguments[1], List.of("uid"), Map.of());
        } else {
            throw new IllegalStateException("execve: " + execve(arguments[1]));
        }
    }

    private static void createThreads() {
        while (true) {
            Thread thread = new Thread(BORN::incrementAndGet);
            thread.start();
            try {
                thread.join();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static native int execve(String program);
}

package dev.psx.agent.apps;

import dev.psx.ExecLock;
import dev.psx.Posix;
import dev.psx.process.Launcher;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** The exec lock from inside: who gets it, who does not, and that it is given back: {@code name = what}. */
public final class ExecLockBoundsApp {

    private static final String STARTER = "a hanging starter";
    private static final ExecutorService ASIDE = Executors.newSingleThreadExecutor();

    private ExecLockBoundsApp() {}

    /** What somebody does with the lock. */
    private interface Action {
        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "builder" -> startAside(() -> new ProcessBuilder(arguments[1]).start());
            case "launcher" -> startAside(() -> Launcher.builder(arguments[1]).start());
            case "builder fifo" ->
                startAside(() -> new ProcessBuilder("/bin/true")
                        .redirectInput(new File(arguments[1]))
                        .start());
            case "launcher fifo" ->
                startAside(() -> Launcher.builder("/bin/true")
                        .redirectInput(new File(arguments[1]))
                        .start());
            default -> {
                lock();
                System.out.println("done");
                System.exit(0);
            }
        }
        System.out.println("ready");
        int read;
        while ((read = System.in.read()) >= 0) {
            if (read == '\n') {
                long begin = System.nanoTime();
                System.out.println(outcome(() -> Posix.setresuid(-1, -1, -1)) + " after "
                        + (System.nanoTime() - begin) / 1_000_000 + " ms");
            }
        }
    }

    private static void startAside(Action start) {
        Thread thread = new Thread(() -> System.out.println("started: " + outcome(start)), STARTER);
        thread.setDaemon(true);
        thread.start();
    }

    private static String outcome(Action action) {
        try {
            action.run();
            return "done";
        } catch (Exception e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }

    @SuppressWarnings("try") // held for the sake of holding it
    private static void lock() throws Exception {
        free("nothing");
        try (ExecLock outer = ExecLock.shared();
                ExecLock inner = ExecLock.shared()) {
            say("upgrade", outcome(() -> ExecLock.exclusive().close()));
            say("broadcast below", outcome(() -> Posix.setresuid(-1, -1, -1)));
            say("another shared", aside(() -> ExecLock.shared().close()));
            say("another exclusive", aside(() -> ExecLock.exclusive().close()));
            say(
                    "child below",
                    outcome(() -> Launcher.builder("/bin/true").start().waitFor()));
            say("thread below", aside(() -> {}));
        }
        free("nested");
        try (ExecLock outer = ExecLock.exclusive();
                ExecLock inner = ExecLock.exclusive();
                ExecLock shared = ExecLock.shared()) {
            say("broadcast within", outcome(() -> Posix.setresuid(-1, -1, -1)));
            say(
                    "child within",
                    outcome(() -> new ProcessBuilder("/bin/true").start().waitFor()));
        }
        free("exclusive");
        ExecLock mine = ExecLock.shared();
        say("closed by another", aside(mine::close));
        say("and still held", aside(() -> ExecLock.exclusive().close()));
        mine.close();
        mine.close();
        free("closed twice");
        failures();
    }

    @SuppressWarnings("try") // held for the sake of holding it
    private static void failures() throws Exception {
        outcome(() -> {
            try (ExecLock lock = ExecLock.shared()) {
                throw new IOException("thrown below");
            }
        });
        free("exception");
        outcome(() -> Launcher.builder("/nowhere").start());
        outcome(() -> LaunchApp.sleep().directory(new File("/nowhere")).start());
        outcome(() -> LaunchApp.sleep().redirectInput(new File("/nowhere")).start());
        outcome(() -> LaunchApp.sleep().descriptor(3, 999).start());
        free("launcher that fails");
        outcome(() -> new ProcessBuilder("/nowhere").start());
        outcome(() ->
                new ProcessBuilder("/bin/true").directory(new File("/nowhere")).start());
        outcome(() -> new ProcessBuilder("\0").start());
        free("builder that fails");
        Thread twice = new Thread(() -> {});
        twice.start();
        outcome(twice::start);
        free("thread that fails");
    }

    /** In another thread. */
    private static String aside(Action action) throws Exception {
        FutureTask<String> task = new FutureTask<>(() -> outcome(action));
        ASIDE.execute(task);
        return task.get(60, TimeUnit.SECONDS);
    }

    private static void free(String after) throws Exception {
        say("free after " + after, aside(() -> ExecLock.exclusive().close()));
    }

    private static void say(String name, String what) {
        System.out.println(name + " = " + what);
    }
}

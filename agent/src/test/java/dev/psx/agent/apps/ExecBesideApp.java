package dev.psx.agent.apps;

import dev.psx.ExecLock;
import dev.psx.Posix;
import dev.psx.UnreachableException;
import dev.psx.process.Exec;
import dev.psx.process.Launcher;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Becomes /bin/cat, which shows its own status: from another thread, beside other things, or not, if it cannot. */
public final class ExecBesideApp {

    private static final int ATTEMPTS = 40;

    private ExecBesideApp() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "thread":
                start("another", ExecBesideApp::become);
                Thread.sleep(Long.MAX_VALUE);
                break;
            case "broadcasts":
                for (int i = 0; i < 2; i++) {
                    start("broadcaster-" + i, ExecBesideApp::broadcast);
                }
                becomeAfterAttempts();
                break;
            case "waiting":
                start("shared", () -> take(false));
                start("exclusive", () -> take(true));
                becomeAfterAttempts();
                break;
            case "hanging builder":
                start("a hanging starter", () -> startChild(new ProcessBuilder(arguments[1])));
                becomeIfAsked();
                break;
            case "hanging launcher":
                start("a hanging starter", () -> Launcher.builder(arguments[1]).start());
                becomeIfAsked();
                break;
            case "held":
                Fixture.startNative(1, 0);
                becomeIfAsked();
                break;
            default:
                become();
        }
    }

    private static void start(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void become() {
        Exec.exec("/bin/cat", List.of("cat", "/proc/self/status"), Map.of());
    }

    private static void broadcast() {
        while (true) {
            Posix.setresuid(-1, -1, -1);
        }
    }

    @SuppressWarnings("try") // held for the sake of holding it
    private static void take(boolean exclusively) {
        while (true) {
            try (ExecLock lock = exclusively ? ExecLock.exclusive() : ExecLock.shared()) {
                Thread.onSpinWait();
            }
        }
    }

    private static void startChild(ProcessBuilder builder) {
        try {
            builder.start();
        } catch (IOException e) {
            System.out.println("not started: " + e);
        }
    }

    private static void becomeAfterAttempts() {
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                Exec.exec("/nowhere", List.of("x"), Map.of());
            } catch (RuntimeException e) {
                if (!e.getMessage().contains("ENOENT")) {
                    throw e;
                }
            }
        }
        become();
    }

    /** One attempt for each line of standard input. */
    private static void becomeIfAsked() throws IOException {
        System.out.println("ready");
        int read;
        while ((read = System.in.read()) >= 0) {
            if (read == '\n') {
                tryToBecome();
            }
        }
    }

    private static void tryToBecome() {
        long begin = System.nanoTime();
        try {
            become();
        } catch (UnreachableException | IllegalStateException e) {
            long millis = (System.nanoTime() - begin) / 1_000_000;
            System.out.println(e.getClass().getSimpleName() + " after " + millis + " ms: " + e.getMessage());
        }
    }
}

package dev.psx.agent.apps;

import dev.psx.ErrnoException;
import dev.psx.process.ChildProcess;
import dev.psx.process.Launcher;
import dev.psx.process.PidFd;
import dev.psx.process.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Handles of this process, of children, of strangers, of nobody: each method says what it has seen, as {@code name = what}. */
public final class PidFdApp {

    private PidFdApp() {}

    public static void main(String[] arguments) throws Exception {
        say("own process", ownProcess());
        say("gone", gone());
        say("open gone", refused(() -> PidFd.open(gonePid())));
        say("thread", refused(() -> PidFd.open(threadId())));
        say("no id", refused(() -> PidFd.find(0)));
        say("stranger", stranger());
        say("child of ProcessBuilder", childOfProcessBuilder());
        say("child of Launcher", childOfLauncher());
        say("signal with value", signalWithValue());
        say("closed", closed());
        say("closed while waiting", closedWhileWaiting());
        say("zombie", zombie());
        System.out.println("done");
        System.exit(0);
    }

    private static void say(String name, Object what) {
        System.out.println(name + " = " + what);
    }

    private static String refused(Callable<PidFd> open) throws Exception {
        try (PidFd opened = open.call()) {
            return opened.toString();
        } catch (ErrnoException e) {
            return e.errnoName();
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private static String ownProcess() throws Exception {
        try (PidFd self = PidFd.open(ProcessHandle.current().pid())) {
            return self.isAlive() + " " + self.sendSignal(0);
        }
    }

    private static long gonePid() throws InterruptedException {
        ChildProcess child = Launcher.builder("/bin/true").start();
        child.waitFor();
        return child.pid();
    }

    private static String gone() throws InterruptedException {
        try (PidFd gone = PidFd.find(gonePid())) {
            return gone.isAlive() + " " + gone.sendSignal(Signal.KILL) + " " + gone.sendSignal(9, 1) + " "
                    + gone.waitFor();
        }
    }

    private static long threadId() throws IOException {
        try (var tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.map(task -> Long.parseLong(task.getFileName().toString()))
                    .filter(tid -> tid != ProcessHandle.current().pid())
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** A grandchild is none of this process's to wait for. */
    private static String stranger() throws Exception {
        ChildProcess parent =
                Launcher.builder("/bin/sh", "-c", "sleep 1000 & echo $!; wait").start();
        long pid = Long.parseLong(new BufferedReader(new InputStreamReader(parent.getInputStream())).readLine());
        try (PidFd stranger = PidFd.open(pid)) {
            boolean alive = stranger.isAlive();
            boolean early = stranger.waitFor(1, TimeUnit.MILLISECONDS);
            boolean sent = stranger.sendSignal(Signal.KILL);
            return alive + " " + early + " " + sent + " " + stranger.waitFor();
        } finally {
            parent.waitFor();
        }
    }

    /** Waiting by the handle takes nothing from the JDK, which may be the first to reap its child. */
    private static String childOfProcessBuilder() throws Exception {
        Process child = new ProcessBuilder("/bin/sh", "-c", "read x; exit 3").start();
        try (PidFd handle = PidFd.open(child.pid())) {
            CompletableFuture<?> ended = handle.onExit();
            child.getOutputStream().close();
            String status = ended.get(60, TimeUnit.SECONDS).toString();
            return (status.equals("Optional.empty") ? "Optional[exit code 3]" : status) + " " + child.waitFor();
        }
    }

    private static String childOfLauncher() throws Exception {
        ChildProcess child = Launcher.builder("/bin/sh", "-c", "exit 4").start();
        try (PidFd handle = child.pidFd()) {
            return handle.waitFor() + " " + child.waitFor() + " " + handle.sendSignal(Signal.TERM);
        }
    }

    private static String signalWithValue() throws Exception {
        String script = "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [34]); print('ready', flush=True);"
                + " i = signal.sigwaitinfo([34]); print('queued' if i.si_code == -1 else i.si_code, flush=True)";
        ChildProcess child = Launcher.builder("python3", "-c", script).start();
        BufferedReader out = new BufferedReader(new InputStreamReader(child.getInputStream()));
        out.readLine();
        try (PidFd handle = child.pidFd()) {
            handle.sendSignal(34, 4711);
        }
        return out.readLine() + " 4711";
    }

    private static String closed() {
        PidFd handle = PidFd.open(ProcessHandle.current().pid());
        handle.close();
        handle.close();
        return refusal(handle::isAlive) + " " + refusal(() -> handle.sendSignal(0));
    }

    private static String refusal(Runnable action) {
        try {
            action.run();
            return "done";
        } catch (IllegalStateException e) {
            return e.getClass().getSimpleName();
        }
    }

    private static Object closedWhileWaiting() throws Exception {
        ChildProcess child = Launcher.builder("/bin/sleep", "1000").start();
        CompletableFuture<?> ended;
        try (PidFd handle = child.pidFd()) {
            ended = handle.onExit();
        }
        child.destroyForcibly();
        return ended.get(60, TimeUnit.SECONDS);
    }

    /** An orphan that this process has got as a child: nothing in Java reaps it. */
    private static String zombie() throws Exception {
        LaunchKernel.adoptOrphans();
        Process parent =
                new ProcessBuilder("/bin/sh", "-c", "exec 3<&0; (read x <&3; exit 5) >/dev/null & echo $!").start();
        int pid = Integer.parseInt(new BufferedReader(new InputStreamReader(parent.getInputStream())).readLine());
        try (PidFd handle = PidFd.open(pid)) {
            parent.waitFor(); // and with that the JDK closes what the orphan reads
            Object status = handle.waitFor();
            String seen = handle.isAlive() + " " + handle.sendSignal(0) + " " + status;
            while (handle.reap().isEmpty()) {
                Thread.onSpinWait();
            }
            try {
                return seen + " " + handle.reap();
            } catch (ErrnoException e) {
                return seen + " " + e.errnoName();
            }
        }
    }
}

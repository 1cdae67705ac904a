package dev.psx.agent.apps;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;

/**
 * Signals a child whose process id is another process's by now; in a pid namespace of its own. A process that is not the JVM's child is
 * given the id of one that was, until the two have begun in the same hundredth of a second: what the JDK compares.
 */
public final class ReusedPidApp {

    private static final int ATTEMPTS = 2000;
    private static final int CHILDREN = 300;
    private static final String STRANGERS = "while read p; do echo $((p-1)) >/proc/sys/kernel/ns_last_pid;"
            + " sleep 1000 </dev/null >/dev/null & echo $!; read x; kill $!; wait $!; echo ended $?; done 2>/dev/null";

    /** What the shell says of one that it had to end itself, by SIGTERM. One that was killed before has ended by SIGKILL, 137. */
    private static final String TERMINATED = "ended 143";

    private static PrintStream strangerIn;
    private static BufferedReader strangerOut;

    private ReusedPidApp() {}

    public static void main(String[] arguments) throws Exception {
        Process strangers = new ProcessBuilder("/bin/bash", "-c", STRANGERS).start();
        strangerIn = new PrintStream(strangers.getOutputStream(), true);
        strangerOut = new BufferedReader(new InputStreamReader(strangers.getInputStream()));
        say("handle", meet(ReusedPidApp::handle));
        say("exit", meet(ReusedPidApp::exit));
        say("process", meet(ReusedPidApp::process));
        say("descriptors of running children", pidfds());
        say("descriptors left", descriptorsLeft());
        System.out.println("done");
        System.exit(0);
    }

    private static void say(String name, Object what) {
        System.out.println(name + " = " + what);
    }

    private interface Meeting {
        Optional<String> with(Process child) throws Exception;
    }

    private static String meet(Meeting meeting) throws Exception {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<String> seen = meeting.with(new ProcessBuilder("/bin/true").start());
            if (seen.isPresent()) {
                return seen.get();
            }
        }
        return "no stranger came";
    }

    /** A handle that outlives its process. */
    private static Optional<String> handle(Process child) throws Exception {
        ProcessHandle handle = child.toHandle();
        child.waitFor();
        return stranger(handle, () -> {
            return "sent " + handle.destroyForcibly();
        });
    }

    /** Whoever asks when it will have ended is told that it has. */
    private static Optional<String> exit(Process child) throws Exception {
        ProcessHandle handle = child.toHandle();
        child.waitFor();
        return stranger(handle, () -> {
            try {
                handle.onExit().get(2, TimeUnit.SECONDS);
                return "ended";
            } catch (TimeoutException e) {
                return "waits";
            }
        });
    }

    /** The reaper has reaped the child, and has not been able to say so yet. */
    private static Optional<String> process(Process child) throws Exception {
        ProcessHandle handle = child.toHandle();
        Field field = lock(child);
        if (field == null) {
            synchronized (child) {
                return reapedUnseen(child, handle);
            }
        }
        field.setAccessible(true);
        Lock lock = (Lock) field.get(child);
        lock.lock();
        try {
            return reapedUnseen(child, handle);
        } finally {
            lock.unlock();
        }
    }

    private static Field lock(Process child) {
        try {
            return child.getClass().getDeclaredField("lock");
        } catch (NoSuchFieldException e) {
            return null;
        }
    }

    private static Optional<String> reapedUnseen(Process child, ProcessHandle handle) throws Exception {
        if (!child.isAlive()) {
            return Optional.empty(); // too late, it is known
        }
        while (Files.exists(Path.of("/proc/" + child.pid()))) {
            Thread.onSpinWait();
        }
        return stranger(handle, () -> {
            child.destroyForcibly();
            return "asked";
        });
    }

    private interface Action {
        String run() throws Exception;
    }

    /** Runs the action while a stranger has the id and the start of the process. */
    private static Optional<String> stranger(ProcessHandle handle, Action action) throws Exception {
        strangerIn.println(handle.pid());
        long pid = Long.parseLong(strangerOut.readLine());
        boolean same =
                pid == handle.pid() && ProcessHandle.of(pid).map(handle::equals).orElse(false);
        Optional<String> seen = same ? Optional.of(action.run()) : Optional.empty();
        strangerIn.println("end");
        String status = strangerOut.readLine();
        while (!status.startsWith("ended ")) {
            status = strangerOut.readLine();
        }
        String became = status.equals(TERMINATED) ? "survives" : status;
        return seen.map(word -> word + ", the stranger " + became);
    }

    private static long descriptorsLeft() throws Exception {
        long before = pidfds();
        for (int i = 0; i < CHILDREN; i++) {
            new ProcessBuilder("/bin/true").start().waitFor();
        }
        return pidfds() - before;
    }

    private static long pidfds() throws IOException {
        long found = 0;
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : (Iterable<Path>) open::iterator) {
                try {
                    found += Files.readSymbolicLink(descriptor).toString().contains("pidfd") ? 1 : 0;
                } catch (IOException e) {
                    continue; // that of the list itself
                }
            }
        }
        return found;
    }
}

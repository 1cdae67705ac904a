package dev.psx.agent.apps;

import dev.psx.ErrnoException;
import dev.psx.plan.Resource;
import dev.psx.process.ChildProcess;
import dev.psx.process.ExitStatus;
import dev.psx.process.Launcher;
import dev.psx.process.PidFd;
import dev.psx.process.Signal;
import dev.psx.spi.EnginePort;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Descriptors of other processes, how children end, and many who wait for them: {@code name = what}. */
public final class PidFdUseApp {

    private static final int F_GETFD = 1;
    private static final int WAITERS = 8;
    private static final int MANY = 1000;
    private static final int TICKS = 5; // 50 ms

    private static ExecutorService threads;

    private PidFdUseApp() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        threads = Executors.newCachedThreadPool();
        say("fetched", fetched());
        say("fetched from the dead", fetchedFromTheDead());
        say("core", ended(directory, -1, "ulimit -c unlimited; kill -SEGV $$"));
        say("cores written", cores(directory));
        say("no core", ended(directory, 0, "kill -SEGV $$"));
        say("signal without core", ended(directory, -1, "kill -TERM $$"));
        say("real-time signal", ended(directory, -1, "kill -40 $$"));
        say("exit code as of a signal", ended(directory, -1, "exit 143"));
        say("usage", usage());
        say("several wait", severalWait());
        say("one is interrupted", oneIsInterrupted());
        say("one gives up", oneGivesUp());
        say("many end at once", manyEndAtOnce());
        System.out.println("done");
        System.exit(0);
    }

    private static void say(String name, Object what) {
        System.out.println(name + " = " + what);
    }

    private static ChildProcess sleep() {
        return LaunchApp.sleep().start();
    }

    private static long own(String call, long... arguments) {
        return OwnCall.make(EnginePort.get(), new Program().add(call, arguments)).result;
    }

    private static String fetched() throws IOException {
        Path file = Files.createTempFile("psx", null);
        ChildProcess child = LaunchApp.sleep().redirectOutput(file.toFile()).start();
        try (PidFd handle = child.pidFd()) {
            int descriptor = handle.getFd(1);
            String name = Path.of("/proc/self/fd/" + descriptor).toRealPath().toString();
            long flags = own("fcntl", descriptor, F_GETFD);
            own("close", descriptor);
            return name.equals(file.toRealPath().toString()) + " " + flags + " " + refusal(handle, 99);
        } finally {
            child.destroyForcibly();
            Files.delete(file);
        }
    }

    static String refusal(PidFd handle, int number) {
        try {
            return "got " + handle.getFd(number);
        } catch (ErrnoException e) {
            return e.call() + " " + e.errnoName();
        }
    }

    private static String fetchedFromTheDead() throws InterruptedException {
        ChildProcess child = sleep();
        try (PidFd handle = child.pidFd()) {
            child.destroyForcibly().waitFor();
            return refusal(handle, 0);
        }
    }

    private static String ended(Path directory, long cores, String script) throws InterruptedException {
        ChildProcess child = LaunchApp.shell(script)
                .limit(Resource.CORE, cores, cores)
                .directory(directory)
                .start();
        int value = child.waitFor();
        return value + " " + child.terminationSignal() + " " + child.coreDumped() + " " + child.exitStatus();
    }

    /** Where a program gets the core there is no file. */
    private static boolean cores(Path directory) throws IOException {
        String pattern = Files.readString(Path.of("/proc/sys/kernel/core_pattern"));
        return pattern.startsWith("|")
                || pattern.startsWith("/")
                || directory.toFile().list().length == 1;
    }

    /** Until the kernel has counted so many ticks of its processor time. */
    private static boolean usage() throws Exception {
        ChildProcess child = LaunchApp.shell("while :; do :; done").start();
        long resident;
        int ticks;
        do {
            String[] fields = LaunchLook.text(child.pid(), "stat").split(" ");
            ticks = Integer.parseInt(fields[13]) + Integer.parseInt(fields[14]);
            resident = Long.parseLong(
                    LaunchLook.text(child.pid(), "status").replaceAll("(?s).*VmHWM:\\s+(\\d+) kB.*", "$1"));
        } while (ticks < TICKS);
        child.destroy();
        child.waitFor();
        var usage = child.resourceUsage();
        long millis = usage.userTime().plus(usage.systemTime()).toMillis();
        return millis >= 10 * TICKS && millis < 60_000 && usage.maxResidentBytes() >= resident * 1024;
    }

    private static String severalWait() throws Exception {
        ChildProcess child = LaunchApp.shell("read x; exit 9").start();
        PidFd handle = child.pidFd();
        List<Future<String>> waiting = new ArrayList<>();
        for (int i = 0; i < WAITERS; i++) {
            waiting.add(threads.submit(() -> "code " + child.waitFor()));
            waiting.add(threads.submit(() -> "status " + handle.waitFor()));
            waiting.add(threads.submit(() -> "timed " + handle.waitFor(60, TimeUnit.SECONDS)));
        }
        child.getOutputStream().close();
        Set<String> seen = new HashSet<>();
        for (Future<String> each : waiting) {
            seen.add(each.get(60, TimeUnit.SECONDS));
        }
        handle.close();
        return seen.stream().sorted().toList().toString();
    }

    private static String oneIsInterrupted() throws Exception {
        ChildProcess child = sleep();
        PidFd handle = PidFd.open(child.pid());
        Callable<Object> wait = () -> {
            try {
                return handle.waitFor();
            } catch (InterruptedException e) {
                return "interrupted";
            }
        };
        CompletableFuture<Object> first = new CompletableFuture<>();
        Thread thread = new Thread(() -> first.complete(quietly(wait)));
        thread.start();
        Future<Object> second = threads.submit(wait);
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        thread.interrupt();
        String seen = first.get(60, TimeUnit.SECONDS) + " " + handle.isAlive();
        child.destroyForcibly();
        seen += second.get(60, TimeUnit.SECONDS) instanceof Optional
                ? " ended"
                : " not ended"; // perhaps reaped, and its status unknown
        child.waitFor();
        handle.close();
        return seen;
    }

    private static Object quietly(Callable<Object> call) {
        try {
            return call.call();
        } catch (Exception e) {
            return e;
        }
    }

    /** Cancelling what one has got is nobody else's business. */
    private static String oneGivesUp() throws Exception {
        ChildProcess child = sleep();
        try (PidFd handle = child.pidFd()) {
            CompletableFuture<Optional<ExitStatus>> first = handle.onExit();
            CompletableFuture<Optional<ExitStatus>> second = handle.onExit();
            CompletableFuture<Process> third = child.onExit();
            CompletableFuture<Process> fourth = child.onExit();
            first.cancel(true);
            third.complete(null);
            child.signal(Signal.KILL);
            return second.get(60, TimeUnit.SECONDS) + " " + (fourth.get(60, TimeUnit.SECONDS) == child) + " "
                    + first.isCancelled() + " " + handle.waitFor() + " " + child.waitFor();
        }
    }

    /** They all read one pipe, whose only writer is this process. */
    private static String manyEndAtOnce() throws Exception {
        int files = LaunchLook.openFiles();
        int tasks = tasks();
        ChildProcess first = Launcher.builder("/bin/cat").start();
        PidFd handle = first.pidFd();
        int pipe = handle.getFd(0);
        handle.close();
        List<CompletableFuture<Process>> ends = new ArrayList<>();
        var builder = Launcher.builder("/bin/cat")
                .redirectInput(pipe)
                .redirectOutput(1)
                .redirectError(2);
        Launcher launcher = builder.build();
        for (int i = 0; i < MANY; i++) {
            ends.add(launcher.start().onExit());
        }
        boolean few = tasks() - tasks < 10;
        own("close", pipe);
        first.getOutputStream().close();
        int well = first.waitFor() == 0 ? 1 : 0;
        for (CompletableFuture<Process> each : ends) {
            well += each.get(60, TimeUnit.SECONDS).exitValue() == 0 ? 1 : 0;
        }
        return well + " " + few + " " + LaunchLook.moreOpenFiles(files) + " "
                + ProcessHandle.current().children().count();
    }

    private static int tasks() {
        return new File("/proc/self/task").list().length;
    }
}

package dev.psx.agent.apps;

import dev.psx.process.ChildProcess;
import dev.psx.process.ExitStatus;
import dev.psx.process.Launcher;
import dev.psx.process.PidFd;
import dev.psx.process.Signal;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Children whose ends are hard to see: each method says what it has seen, as {@code name = what}. */
public final class TroubleApp {

    private static final int MANY = 40;
    private static final int EPOLL_CREATE1 = System.getProperty("os.arch").equals("aarch64") ? 20 : 291;
    private static final int CLOSE = System.getProperty("os.arch").equals("aarch64") ? 57 : 3;

    private TroubleApp() {}

    public static void main(String[] arguments) throws Exception {
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            throw new IllegalStateException(failure);
        });
        say("class loader", unloaded()); // first: who is first starts the threads
        say("virtual threads", virtual());
        say("traced", traced(arguments[0]));
        say("descriptor closed by others", closed());
        say("no memory", withoutMemory());
        System.out.println("done");
        System.exit(0);
    }

    private static void say(String name, Object what) {
        System.out.println(name + " = " + what);
    }

    /** There is but one carrier: who reads must leave it to who writes, and the other way round. */
    private static String virtual() throws Exception {
        ExecutorService threads;
        try {
            threads = (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException e) {
            return "1000000 0"; // before Java 21 there are none
        }
        ChildProcess child = Launcher.builder("/bin/cat").start();
        Future<byte[]> reader = threads.submit(() -> child.getInputStream().readAllBytes());
        threads.submit(() -> {
            child.getOutputStream().write(new byte[1_000_000]);
            child.getOutputStream().close();
            return null;
        });
        int length = reader.get(30, TimeUnit.SECONDS).length;
        return length + " " + threads.submit(() -> child.waitFor()).get(30, TimeUnit.SECONDS);
    }

    /** Its end is seen by the tracer first, who does not look. */
    private static String traced(String holder) throws Exception {
        ChildProcess child = Launcher.builder("/bin/sleep", "1000").start();
        Process tracer = new ProcessBuilder(holder, "task", String.valueOf(child.pid())).start();
        while (tracer.getInputStream().read() != '\n') {
            if (!tracer.isAlive()) {
                return "no tracer";
            }
        }
        try (PidFd handle = PidFd.open(child.pid())) {
            CompletableFuture<Optional<ExitStatus>> end = handle.onExit();
            child.destroyForcibly();
            String before = child.waitFor(300, TimeUnit.MILLISECONDS) + " " + end.isDone();
            tracer.getOutputStream().close();
            return before + " " + child.waitFor() + " " + (end.get(10, TimeUnit.SECONDS) != null) + " "
                    + new File("/proc/" + child.pid()).exists();
        }
    }

    /** As a library does that closes all descriptors it does not know; their numbers are in use again at once. */
    private static String closed() throws Exception {
        ChildProcess child = Launcher.builder("/bin/cat").start();
        for (int descriptor : descriptors("anon_inode:[eventpoll]")) {
            Fixture.syscall(CLOSE, descriptor, 0, 0);
            Fixture.syscall(EPOLL_CREATE1, 0, 0, 0);
        }
        child.getOutputStream().close();
        return child.waitFor(30, TimeUnit.SECONDS) + " "
                + Launcher.builder("/bin/true").start().waitFor(30, TimeUnit.SECONDS);
    }

    private static List<Integer> descriptors(String target) throws IOException {
        List<Integer> found = new ArrayList<>();
        for (String name : new File("/proc/self/fd").list()) {
            Path link = Path.of("/proc/self/fd", name);
            if (Files.isSymbolicLink(link)
                    && Files.readSymbolicLink(link).toString().equals(target)) {
                found.add(Integer.valueOf(name));
            }
        }
        return found;
    }

    /** They end while every allocation fails. */
    private static String withoutMemory() throws Exception {
        List<ChildProcess> children = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            children.add(Launcher.builder("/bin/sleep", "0.5").start());
        }
        Thread hog = new Thread(() -> fillMemoryFor(TimeUnit.SECONDS.toNanos(1)));
        hog.start();
        hog.join();
        int ended = 0;
        for (ChildProcess child : children) {
            ended += child.waitFor(30, TimeUnit.SECONDS) ? 1 : 0;
        }
        return ended + " " + Launcher.builder("/bin/true").start().waitFor(30, TimeUnit.SECONDS);
    }

    private static void fillMemoryFor(long nanos) {
        long until = System.nanoTime() + nanos;
        Object[] chain = null;
        int size = 1 << 18;
        while (System.nanoTime() - until < 0) {
            try {
                Object[] more = new Object[size];
                more[0] = chain;
                chain = more;
            } catch (OutOfMemoryError e) {
                size = Math.max(size / 2, 2);
            }
        }
    }

    /** What an application of a server leaves behind when it was the first to start a child. */
    private static String unloaded() throws Exception {
        WeakReference<ClassLoader> loader = unloadable();
        for (int i = 0; i < 100 && loader.get() != null; i++) {
            System.gc();
            Thread.sleep(20); // between two looks
        }
        return loader.get() == null ? "gone" : "kept";
    }

    private static WeakReference<ClassLoader> unloadable() throws Exception {
        URL[] classes = {TroubleApp.class.getProtectionDomain().getCodeSource().getLocation()};
        try (URLClassLoader application = new URLClassLoader(classes, ClassLoader.getPlatformClassLoader())) {
            Thread thread = (Thread) application
                    .loadClass(Tenant.class.getName())
                    .getConstructor()
                    .newInstance();
            thread.start();
            thread.join();
            return new WeakReference<>(application);
        }
    }

    /** An application that starts children, of its own class loader. */
    public static final class Tenant extends Thread {

        private static final InheritableThreadLocal<Tenant> CURRENT = new InheritableThreadLocal<>();

        @Override
        public void run() {
            CURRENT.set(this);
            setContextClassLoader(Tenant.class.getClassLoader());
            try {
                Launcher.builder("/bin/true").pdeathsig(Signal.TERM).start().waitFor();
                PidFd.find(ProcessHandle.current().pid()).onExit();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}

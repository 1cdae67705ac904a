package dev.psx.agent.apps;

import dev.psx.process.ChildProcess;
import dev.psx.process.LaunchException;
import dev.psx.process.Launcher;
import dev.psx.process.LauncherBuilder;
import dev.psx.process.Namespace;
import dev.psx.process.PidFd;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Starts many children of all kinds from several threads, some of which are refused, and says what is left of them. */
public final class SpawnLeaksApp {

    private static final int THREADS = 4;
    private static final int WARM_UP = 600;
    private static final int P_ALL = 0;
    private static final int WEXITED_NOHANG_NOWAIT_WALL = 4 | 1 | 0x0100_0000 | 0x4000_0000;
    private static final int ECHILD = 10;

    private SpawnLeaksApp() {}

    /** What a process has. */
    private record Holdings(long descriptors, long threads, long maps, long kilobytes, long direct) {

        static Holdings now() throws IOException {
            System.gc();
            return new Holdings(
                    count(Files.list(Path.of("/proc/self/fd"))),
                    count(Files.list(Path.of("/proc/self/task"))),
                    count(Files.lines(Path.of("/proc/self/maps"))),
                    Long.parseLong(LaunchLook.status(ProcessHandle.current().pid(), "VmRSS")
                            .replaceAll("\\D", "")),
                    ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                            .mapToLong(BufferPoolMXBean::getMemoryUsed)
                            .sum());
        }

        private static long count(Stream<?> all) {
            try (all) {
                return all.count();
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        int children = Integer.parseInt(arguments[0]);
        start(WARM_UP);
        awaitNoChildren();
        Holdings before = Holdings.now();
        long began = System.nanoTime();
        for (int tenth = 0; tenth < 10; tenth++) {
            start(children / 10);
            System.out.println("started " + children / 10);
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
        awaitNoChildren();
        Holdings after = Holdings.now();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (after.descriptors > before.descriptors && System.nanoTime() < deadline) {
            after = Holdings.now();
        }
        System.out.println("descriptors left = " + (after.descriptors - before.descriptors));
        System.out.println("threads left = " + (after.threads - before.threads));
        System.out.println("maps left = " + (after.maps - before.maps));
        System.out.println("kilobytes left = " + (after.kilobytes - before.kilobytes));
        System.out.println("direct memory left = " + (after.direct - before.direct));
        System.out.println("children = " + children + " in " + seconds + " s");
        System.out.println("done");
        System.exit(0);
    }

    /** Not even one that has ended. */
    private static void awaitNoChildren() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (LaunchKernel.attempt("waitid", P_ALL, 0, 0, WEXITED_NOHANG_NOWAIT_WALL, 0) != -ECHILD) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("children are left");
            }
            Thread.onSpinWait();
        }
    }

    private static void start(int children) throws Exception {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Exception> failure = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(THREADS);
        for (int i = 0; i < THREADS; i++) {
            new Thread(() -> {
                        try {
                            for (int n = next.getAndIncrement(); n < children; n = next.getAndIncrement()) {
                                one(n);
                            }
                        } catch (Exception e) {
                            failure.compareAndSet(null, e);
                        }
                        done.countDown();
                    })
                    .start();
        }
        done.await();
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private static LauncherBuilder program() {
        return Launcher.builder("/bin/true");
    }

    private static void one(int n) throws Exception {
        switch (n % 10) {
            case 0 -> refused(Launcher.builder("/nowhere/x"));
            case 1 -> refused(program().directory(Path.of("/nowhere")));
            case 2 -> ended(program().credential(65534, 65534).start());
            case 3 -> ended(program().descriptor(9, 0).descriptor(1000, 2).start());
            case 4 ->
                ended(program().redirectOutput(Redirect.DISCARD).inheritIO().start());
            case 5 -> {
                ChildProcess child = Launcher.builder("/bin/echo", "x").start();
                require(child.getInputStream().readAllBytes().length == 2);
                ended(child);
            }
            case 6 -> {
                ChildProcess child = program().start();
                try (PidFd handle = child.isAlive() ? PidFd.find(child.pid()) : PidFd.find(1)) {
                    require(handle.pid() > 0);
                }
                require(child.onExit().get(1, TimeUnit.MINUTES).exitValue() == 0);
            }
            case 7 ->
                ended(
                        n % 100 == 7
                                ? program().namespaces(Namespace.UTS).start()
                                : program().start());
            default -> ended(program().start());
        }
    }

    private static void ended(ChildProcess child) throws InterruptedException {
        require(child.waitFor() == 0);
    }

    private static void refused(LauncherBuilder builder) {
        try {
            builder.start();
            throw new IllegalStateException("started");
        } catch (LaunchException e) {
            require(e.errnoName().equals("ENOENT"));
        }
    }

    private static void require(boolean fact) {
        if (!fact) {
            throw new IllegalStateException("a child was not as it should be");
        }
    }
}

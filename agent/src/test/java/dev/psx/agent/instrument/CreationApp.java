package dev.psx.agent.instrument;

import dev.psx.spi.ExecLockState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Creates threads and processes in every way that matters to the exec lock. Run under {@link HookingAgent}. */
public final class CreationApp {

    private static final long LONG = TimeUnit.SECONDS.toNanos(20);

    private CreationApp() {}

    public static void main(String[] scenarios) throws Exception {
        for (String scenario : scenarios) {
            run(scenario);
            check(ExecLockState.holders().isEmpty(), "somebody still holds the lock: " + ExecLockState.holders());
            takeExclusive();
            ExecLockState.exitExclusive();
            System.out.println("ok " + scenario);
        }
    }

    private static void run(String scenario) throws Exception {
        switch (scenario) {
            case "threads" -> theLockHoldsBack(() -> new Thread(() -> {}).start());
            case "processes" ->
                theLockHoldsBack(() -> new ProcessBuilder("true").start().waitFor());
            case "retransformed" -> stillHooksWhenOthersTransform();
            case "start-twice" -> startTwice();
            case "no-native-thread" -> failingThread();
            case "no-program" -> failingProgram();
            case "fifo" -> blockedOnFifo();
            case "deep" -> nearTheEndOfTheStack();
            case "virtual" -> virtualThreads();
            case "storm" -> storm();
            default -> throw new IllegalArgumentException(scenario);
        }
    }

    /** While somebody holds the lock exclusively the step does not get past the hook; afterwards it goes on. */
    private static void theLockHoldsBack(Step step) throws Exception {
        FutureTask<Void> task = task(step);
        Thread creator = new Thread(task, "creator");
        takeExclusive();
        try {
            creator.start(); // who holds it exclusively may also create
            awaitFrame(creator, "beforeCreate");
        } finally {
            ExecLockState.exitExclusive();
        }
        task.get();
        creator.join();
    }

    private static void stillHooksWhenOthersTransform() throws Exception {
        HookingAgent.instrumentation.retransformClasses(Thread.class, Class.forName("java.lang.ProcessImpl"));
        run("threads");
        run("processes");
    }

    private static void startTwice() throws InterruptedException {
        Thread thread = new Thread(() -> {});
        thread.start();
        ExecLockState.enterShared();
        expect(IllegalThreadStateException.class, thread::start);
        checkStillHeld();
        ExecLockState.exitShared();
        thread.join();
    }

    /** A stack of this size cannot be mapped. What the application holds itself must survive the failure. */
    private static void failingThread() {
        Thread thread = new Thread(null, () -> {}, "too big", 1L << 52);
        expect(OutOfMemoryError.class, thread::start);
        check(ExecLockState.holders().isEmpty(), "held after a failure");
        ExecLockState.enterShared();
        expect(OutOfMemoryError.class, new Thread(null, () -> {}, "too big", 1L << 52)::start);
        checkStillHeld();
        ExecLockState.exitShared();
    }

    private static void failingProgram() {
        ProcessBuilder builder = new ProcessBuilder("/nonexistent/program");
        expect(IOException.class, builder::start);
        check(ExecLockState.holders().isEmpty(), "held after a failure");
        ExecLockState.enterShared();
        expect(IOException.class, builder::start);
        checkStillHeld();
        ExecLockState.exitShared();
    }

    /** ProcessBuilder.start opens the redirects before it forks, and nobody writes to this one yet. */
    private static void blockedOnFifo() throws Exception {
        Path directory = Files.createTempDirectory("psx-test");
        Path fifo = directory.resolve("fifo");
        new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
        ProcessBuilder reader = new ProcessBuilder("cat").redirectInput(fifo.toFile());
        FutureTask<Void> task = task(() -> reader.start().waitFor());
        Thread starter = new Thread(task, "starter");
        starter.start();
        awaitFrame(starter, "open0");
        takeExclusive();
        ExecLockState.exitExclusive();
        Files.newOutputStream(fifo).close();
        task.get();
        starter.join();
        Files.delete(fifo);
        Files.delete(directory);
    }

    /** Wherever the stack ends between the application's call and the last frame of the hook, the lock is not left taken. */
    private static void nearTheEndOfTheStack() throws InterruptedException {
        AtomicInteger overflows = new AtomicInteger();
        for (int i = 0; i < 5; i++) {
            // Made beforehand: the constructor needs more stack than the start, and would hide what that does.
            Queue<Thread> unstarted = new ArrayDeque<>();
            for (int j = 0; j < 60; j++) {
                unstarted.add(new Thread(() -> {}));
            }
            Thread deep = new Thread(null, () -> startAtTheEnd(unstarted, overflows), "deep", 300 * 1024 + i * 16);
            deep.start();
            deep.join();
        }
        check(overflows.get() > 0, "never reached the end of the stack");
    }

    /** The innermost frames start theirs while they return, each with a little more stack than the one before. */
    private static void startAtTheEnd(Queue<Thread> unstarted, AtomicInteger overflows) {
        try {
            startAtTheEnd(unstarted, overflows);
        } catch (StackOverflowError e) {
            overflows.set(1);
        }
        Thread thread = unstarted.poll();
        if (thread != null) {
            thread.start();
        }
    }

    /** Platform threads created by virtual ones, beside a virtual writer that needs a carrier to go on. */
    private static void virtualThreads() throws Exception {
        ExecutorService executor = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        AtomicInteger created = new AtomicInteger();
        for (int i = 0; i < 1000; i++) {
            executor.execute(() -> new Thread(created::incrementAndGet).start());
            if (i % 20 == 0) {
                executor.submit(CreationApp::exclusively).get();
            }
        }
        executor.shutdown();
        check(executor.awaitTermination(20, TimeUnit.SECONDS), "virtual threads hang");
        while (created.get() < 1000) {
            Thread.onSpinWait();
        }
    }

    private static void storm() throws Exception {
        CountDownLatch end = new CountDownLatch(8);
        for (int i = 0; i < 8; i++) {
            new Thread(() -> {
                        for (int j = 0; j < 200; j++) {
                            new Thread(() -> {}).start();
                        }
                        end.countDown();
                    })
                    .start();
        }
        while (end.getCount() > 0) {
            exclusively();
        }
    }

    private static void exclusively() {
        takeExclusive();
        try {
            String self = Thread.currentThread().getName();
            check(ExecLockState.holders().equals(Arrays.asList(self)), "not alone: " + ExecLockState.holders());
        } finally {
            ExecLockState.exitExclusive();
        }
    }

    private static void takeExclusive() {
        check(ExecLockState.tryExclusive(LONG), "held by " + ExecLockState.holders());
    }

    private static void checkStillHeld() {
        check(ExecLockState.holders().size() == 1, "the application's own hold is lost");
    }

    private static void awaitFrame(Thread thread, String method) {
        long deadline = System.nanoTime() + LONG;
        while (Arrays.stream(thread.getStackTrace())
                .noneMatch(frame -> frame.getMethodName().equals(method))) {
            check(System.nanoTime() < deadline, "not in " + method + ": " + Arrays.toString(thread.getStackTrace()));
            Thread.onSpinWait();
        }
    }

    private static void expect(Class<? extends Throwable> type, Step step) {
        try {
            step.run();
        } catch (Throwable e) {
            check(type.isInstance(e), "unexpected " + e);
            return;
        }
        check(false, "no " + type);
    }

    static void check(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }

    private static FutureTask<Void> task(Step step) {
        return new FutureTask<>(() -> {
            step.run();
            return null;
        });
    }

    private interface Step {
        void run() throws Exception;
    }
}

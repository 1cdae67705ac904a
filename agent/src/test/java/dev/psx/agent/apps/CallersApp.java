package dev.psx.agent.apps;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Broadcasts from a caller of an unusual sort, which the first argument names, while tasks of every sort run. */
public final class CallersApp {

    private static final int SECONDS = 60;

    /** How many virtual threads broadcast at the same time: more than they have carriers. */
    private static final int VIRTUAL_CALLERS = 12;

    private static int rounds;

    private CallersApp() {}

    public static void main(String[] arguments) throws Exception {
        String caller = arguments[0];
        rounds = Integer.parseInt(arguments[1]);
        Crowd.start(6, 5, 1);
        switch (caller) {
            case "attached" -> check(NativeCallers.runAttached(CallersApp::broadcast, false));
            case "attached-daemon" -> check(NativeCallers.runAttached(CallersApp::broadcast, true));
            case "agent-thread" -> agentThread();
            case "cleaner" -> collect(CallersApp::cleaned);
            case "finalizer" -> collect(CallersApp::finalizable);
            case "virtual" -> virtualThreads(CallersApp::broadcast);
            case "virtual-synchronized" -> virtualThreads(CallersApp::broadcastSynchronized);
            case "virtual-pinned" -> virtualThreads(() -> NativeCallers.runBelowNativeFrame(CallersApp::broadcast));
            case "virtual-many" -> manyVirtualThreads();
            case "hook" -> inHook();
            default -> throw new IllegalArgumentException(caller);
        }
        Rounds.finish("from " + caller);
    }

    static void broadcast() {
        try {
            new Rounds().run(rounds);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Throwable e) {
            e.printStackTrace();
            throw e;
        }
    }

    private static void broadcastSynchronized() {
        synchronized (new Object()) {
            broadcast();
        }
    }

    private static void check(int error) {
        if (error != 0) {
            throw new IllegalStateException("error " + error);
        }
    }

    private static void agentThread() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        check(NativeCallers.startAgentThread(new Thread("agent-thread"), () -> {
            broadcast();
            done.countDown();
        }));
        await(done);
    }

    /** Starts something that broadcasts once the collector has found it, and has the collector look. */
    private static void collect(java.util.function.Consumer<CountDownLatch> start) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        start.accept(done);
        for (int second = 0; second < SECONDS; second++) {
            System.gc();
            if (done.await(1, TimeUnit.SECONDS)) {
                return;
            }
        }
        throw new IllegalStateException("was never collected");
    }

    private static void cleaned(CountDownLatch done) {
        Cleaner.create().register(new Object(), () -> {
            broadcast();
            done.countDown();
        });
    }

    private static void finalizable(CountDownLatch done) {
        new Finalizable(done);
    }

    @SuppressWarnings({"removal", "deprecation"})
    private static final class Finalizable {

        private final CountDownLatch done;

        Finalizable(CountDownLatch done) {
            this.done = done;
        }

        @Override
        protected void finalize() {
            broadcast();
            done.countDown();
        }
    }

    private static void virtualThreads(Runnable work) throws Exception {
        Thread thread = startVirtual(work);
        thread.join(TimeUnit.SECONDS.toMillis(SECONDS));
        if (thread.isAlive()) {
            throw new IllegalStateException("has not ended: " + thread.getState());
        }
    }

    private static void manyVirtualThreads() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < VIRTUAL_CALLERS; i++) {
            threads.add(startVirtual(() -> new Rounds().runUnchanging(rounds / VIRTUAL_CALLERS + 1)));
        }
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(SECONDS));
        }
    }

    /** By reflection: the tests are compiled for an older release. */
    static Thread startVirtual(Runnable work) throws ReflectiveOperationException {
        return (Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, work);
    }

    /** The hook broadcasts and waits to be looked at; then the process ends with 5. */
    private static void inHook() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            broadcast();
            try {
                Rounds.finish("from hook");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }));
        System.exit(5);
    }

    private static void await(CountDownLatch done) throws InterruptedException {
        if (!done.await(SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("has not ended in " + SECONDS + " s");
        }
    }
}

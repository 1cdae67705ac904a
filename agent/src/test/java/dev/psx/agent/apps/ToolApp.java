package dev.psx.agent.apps;

import dev.psx.Psx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An application under load for tools to look at, while one thread broadcasts without a pause and proves each broadcast. It
 * answers one line to each line of standard input. Arguments: how many Java threads and native threads sleep, and what else
 * there is to be: {@code full-gc} collects once in each round, {@code create} creates threads, {@code quiet} does not broadcast.
 */
public final class ToolApp {

    /** The class whose threads are the load; {@code TURNS} counts what they compute. */
    public static final Class<?> LOAD = Load.class;

    private static final long GETPID = System.getProperty("os.arch").equals("aarch64") ? 172 : 39;

    /** Read by debuggers. */
    private static final AtomicLong ROUNDS = new AtomicLong();

    private static volatile boolean stopping;

    private ToolApp() {}

    public static void main(String[] arguments) throws Exception {
        Load.start(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
        Thread broadcaster = new Thread(() -> Load.endOnFailure(ToolApp::broadcast), "tool-broadcaster");
        boolean quiet = false;
        for (int i = 2; i < arguments.length; i++) {
            quiet |= arguments[i].equals("quiet");
            startExtra(arguments[i]);
        }
        if (!quiet) {
            broadcaster.start();
        }
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(answer(line.split(" "), broadcaster));
        }
    }

    private static void startExtra(String kind) {
        Runnable work = kind.equals("full-gc") ? ToolApp::collectOnce : kind.equals("create") ? ToolApp::create : null;
        if (work != null) {
            Thread thread = new Thread(() -> repeat(work), "tool-" + kind);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static String answer(String[] words, Thread broadcaster) throws Exception {
        return switch (words[0]) {
            case "rounds" -> "rounds " + ROUNDS.get();
            case "await" -> await(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
            case "turns" -> turns(Long.parseLong(words[1]));
            case "call" -> call();
            case "listen" -> "listening " + Listeners.open("socket", Integer.parseInt(words[1]));
            case "virtual" -> VirtualThreads.run(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
            case "stop" -> {
                stopping = true;
                broadcaster.join();
                yield "stopped " + ROUNDS.get();
            }
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private static void broadcast() {
        CountedBroadcast broadcast = CountedBroadcast.ofSavedUid();
        try {
            while (!stopping) {
                broadcast.run(ROUNDS.get() + 1);
                ROUNDS.incrementAndGet();
                synchronized (ROUNDS) {
                    ROUNDS.notifyAll();
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns when so many more broadcasts and collections have been made. */
    private static String await(int broadcasts, int collections) {
        long rounds = ROUNDS.get() + broadcasts;
        long collected = Load.collections() + collections;
        synchronized (ROUNDS) {
            while (ROUNDS.get() < rounds || Load.collections() < collected) {
                waitForRound();
            }
        }
        return "rounds " + ROUNDS.get();
    }

    /** Returns when the computing threads have computed so many more times. */
    private static String turns(long more) {
        long wanted = Load.TURNS.get() + more;
        while (Load.TURNS.get() < wanted) {
            Thread.onSpinWait();
        }
        return "turned";
    }

    /** One broadcast by the calling thread. */
    private static String call() {
        try {
            return "call ok " + Psx.allThreadsSyscall(GETPID, 0, 0, 0);
        } catch (RuntimeException e) {
            return "call failed " + e;
        }
    }

    private static void repeat(Runnable work) {
        while (true) {
            work.run();
        }
    }

    /** More often, and collectors that stop the world would leave no time to broadcast. */
    private static void collectOnce() {
        long round = ROUNDS.get();
        System.gc();
        synchronized (ROUNDS) {
            while (ROUNDS.get() == round) {
                waitForRound();
            }
        }
    }

    private static void waitForRound() {
        try {
            ROUNDS.wait();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody has interrupted it", e);
        }
    }

    private static void create() {
        Thread thread = new Thread(() -> {}, "tool-created");
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

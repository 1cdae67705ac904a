package dev.psx.agent.apps;

import dev.psx.Posix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Drops the effective uid and takes it back, again and again, while eight threads start children in every way without a break and
 * others create threads.
 *
 * <p>A child is late if, when a drop has returned, it has the old uid and is not yet in its own program. One that is past the point
 * of its exec that cannot fail is a process of its own, started before the drop; it may come to its first instruction after it, and
 * is merely counted.
 */
public final class ExecLockApp {

    private static final int STARTERS = 8;
    private static final int CREATORS = 2;
    private static final int USER = 65534;

    /** So many children, of all starters together, are heard of between one change and the next. */
    private static final int BETWEEN = 12;

    /** The effective uid, and the size of the memory; a process that has ended has none. */
    private static final Pattern FIELDS = Pattern.compile("\nUid:\t\\d+\t(\\d+)\t(?s:.*)\nVmSize:\\s+(\\d+) kB");

    private static final int PROGRAM_KB = 1000;
    private static final long INSTANT_NANOS = 500_000;
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private static final List<Heralds.Said> SAID = new ArrayList<>();
    /** Files of the starters' tasks. */
    private static final Set<Path> CHILDREN = ConcurrentHashMap.newKeySet();

    private static final AtomicInteger THREADS = new AtomicInteger();
    private static final AtomicReference<Throwable> FAILURE = new AtomicReference<>();

    /** The time between the return from a drop and the next change. */
    private record Dropped(long from, long to) {}

    private ExecLockApp() {}

    public static void main(String[] arguments) throws Exception {
        boolean libc = arguments[0].equals("libc");
        int rounds = Integer.parseInt(arguments[1]);
        String program = arguments[2];
        for (Heralds way : Heralds.values()) {
            way.start(program); // whatever has to be loaded is loaded with the old uid
        }
        for (int i = 0; i < STARTERS; i++) {
            Heralds way = Heralds.values()[i % Heralds.values().length];
            start(() -> startChildren(way, program), way + "-" + i);
        }
        for (int i = 0; i < CREATORS; i++) {
            start(ExecLockApp::createThreads, "creator-" + i);
        }
        awaitChildren(BETWEEN);
        List<Dropped> drops = new ArrayList<>();
        int late = 0;
        for (int round = 0; round < rounds; round++) {
            awaitChildren(heard() + BETWEEN);
            change(libc, USER);
            long from = System.nanoTime();
            late += lateChildren();
            awaitChildren(heard() + BETWEEN);
            drops.add(new Dropped(from, System.nanoTime()));
            change(libc, 0);
        }
        report(late, drops);
        System.exit(0);
    }

    /** Children are listed with the task that made them. */
    private static int lateChildren() {
        int late = 0;
        for (Path children : CHILDREN) {
            for (String child : SpawnApp.text(children).split(" ")) {
                late += !child.isBlank() && isLate(Path.of("/proc", child.trim(), "status")) ? 1 : 0;
            }
        }
        return late;
    }

    private static void change(boolean libc, int euid) {
        if (libc) {
            Fixture.seteuid(euid);
        } else {
            Posix.setresuid(-1, euid, -1);
        }
    }

    /** The parent hears of a child's exec an instant before the child leaves the parent's memory. */
    private static boolean isLate(Path status) {
        if (!isUnderWay(SpawnApp.text(status))) {
            return false;
        }
        long until = System.nanoTime() + INSTANT_NANOS;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        return isUnderWay(SpawnApp.text(status));
    }

    /** Has the old uid, and more memory than its program: that of the JVM, or of the JDK's helper. */
    private static boolean isUnderWay(String status) {
        Matcher fields = FIELDS.matcher(status);
        return fields.find() && fields.group(1).equals("0") && Integer.parseInt(fields.group(2)) > PROGRAM_KB;
    }

    private static void report(int late, List<Dropped> drops) {
        List<Heralds.Said> all;
        synchronized (SAID) {
            all = new ArrayList<>(SAID);
        }
        all.sort(Comparator.comparingLong(Heralds.Said::at));
        Map<Heralds, Integer> begun = new TreeMap<>();
        long latest = 0;
        int next = 0;
        for (Heralds.Said said : all) {
            while (next < drops.size() && drops.get(next).to < said.at()) {
                next++;
            }
            if (said.euid() == 0 && next < drops.size() && drops.get(next).from < said.at()) {
                begun.merge(said.way(), 1, Integer::sum);
                latest = Math.max(latest, said.at() - drops.get(next).from);
            }
        }
        System.out.println("late " + late + " of " + all.size() + " children in " + drops.size() + " drops beside "
                + THREADS + " threads; begun with the old uid afterwards " + begun + ", the last after " + latest / 1000
                + " us");
    }

    private static void start(Runnable body, String name) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void startChildren(Heralds way, String program) {
        try {
            CHILDREN.add(Path.of("/proc/thread-self").toRealPath().resolve("children"));
            while (true) {
                Heralds.Said said = way.start(program);
                synchronized (SAID) {
                    SAID.add(said);
                }
            }
        } catch (Exception | LinkageError e) {
            FAILURE.set(e);
        }
    }

    private static void createThreads() {
        try {
            while (true) {
                Thread thread = new Thread(THREADS::incrementAndGet);
                thread.start();
                thread.join();
            }
        } catch (InterruptedException | OutOfMemoryError e) {
            FAILURE.set(e);
        }
    }

    private static int heard() {
        synchronized (SAID) {
            return SAID.size();
        }
    }

    private static void awaitChildren(int count) {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (heard() < count) {
            if (FAILURE.get() != null || System.nanoTime() > until) {
                throw new IllegalStateException("children are not started any more", FAILURE.get());
            }
            Thread.yield();
        }
    }
}

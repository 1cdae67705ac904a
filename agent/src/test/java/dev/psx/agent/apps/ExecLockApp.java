package dev.psx.agent.apps;

import dev.psx.Posix;
import dev.psx.plan.DropReport;
import dev.psx.plan.OtherProcess;
import dev.psx.plan.PrivilegePlan;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives the old user up and takes it back, again and again, while eight threads start children in every way without a break and others,
 * Java's and native ones, create threads.
 *
 * <p>A child is under way if, when a change has returned, it has the old uid and is not yet in its own program. One that is past the
 * point of its exec that cannot fail is a process of its own, but it may come to its first own instruction, or to its main function,
 * when the change has returned.
 */
public final class ExecLockApp {

    private static final int STARTERS = 8;
    private static final int CREATORS = 2;
    private static final int NATIVE_CREATORS = 2;
    private static final int USER = 65534;

    /** So many children, of all starters together, are heard of between one change and the next. */
    private static final int BETWEEN = 12;

    /** State, effective uid and name; the name is that of the thread that made it, or of the JDK's helper, until it is in its program. */
    private static final Pattern FIELDS =
            Pattern.compile("Name:\t(.*)\n(?s:.*)\nState:\t(.)(?s:.*)\nUid:\t\\d+\t(\\d+)\t");

    private static final long INSTANT_NANOS = 500_000;

    /** Files of the starters' tasks. */
    private static final Set<Path> CHILDREN = ConcurrentHashMap.newKeySet();

    private static final AtomicInteger THREADS = new AtomicInteger();
    private static final Hearing HEARING = new Hearing();

    private ExecLockApp() {}

    /** @param arguments drop, broadcast or libc; how many; the programs */
    public static void main(String[] arguments) throws Exception {
        String mode = arguments[0];
        int rounds = Integer.parseInt(arguments[1]);
        String[] programs = Arrays.copyOfRange(arguments, 2, arguments.length);
        PrivilegePlan plan = mode.equals("drop") ? plan() : null;
        for (Heralds way : Heralds.values()) {
            way.start(programs[0]); // whatever has to be loaded is loaded with the old uid
        }
        startAll(programs);
        HEARING.await(BETWEEN);
        int underWay = 0;
        long longest = 0;
        long sum = 0;
        for (int round = 0; round < rounds; round++) {
            HEARING.await(HEARING.heard() + BETWEEN);
            long begin = System.nanoTime();
            DropReport report = change(plan, mode, USER);
            long end = System.nanoTime();
            underWay += underWay();
            HEARING.await(HEARING.heard() + BETWEEN);
            HEARING.changed(end, System.nanoTime(), announced(report));
            change(null, mode, 0);
            longest = Math.max(longest, end - begin);
            sum += end - begin;
        }
        Fixture.stopChurn();
        System.out.println("under way " + underWay + " " + HEARING.result() + " in " + rounds + " changes beside "
                + THREADS + " threads of Java; a change took " + sum / rounds / 1000 + " us, at most " + longest / 1000
                + " us");
        System.exit(0);
    }

    /** The user can be taken back. */
    private static PrivilegePlan plan() {
        return PrivilegePlan.builder()
                .user(Integer.toString(USER))
                .keepGroup()
                .keepGroups()
                .keepCapabilities()
                .keepBounding()
                .noNewPrivileges(false)
                .privateKeyring(false)
                .build();
    }

    private static void startAll(String[] programs) {
        for (int i = 0; i < STARTERS; i++) {
            Heralds way = Heralds.values()[i % Heralds.values().length];
            String program = programs[i % programs.length];
            start(() -> startChildren(way, program), way + "-" + i);
        }
        for (int i = 0; i < CREATORS; i++) {
            start(ExecLockApp::createThreads, "creator-" + i);
        }
        Fixture.startChurn(NATIVE_CREATORS);
    }

    private static DropReport change(PrivilegePlan plan, String mode, int euid) {
        if (plan != null) {
            return plan.apply();
        }
        if (mode.equals("libc")) {
            Fixture.seteuid(euid);
        } else {
            Posix.setresuid(euid == 0 ? 0 : -1, euid, -1);
        }
        return null;
    }

    /** The children of which the report says that they may begin afterwards. */
    private static Map<Integer, Boolean> announced(DropReport report) {
        Map<Integer, Boolean> pids = new TreeMap<>();
        if (report != null) {
            for (OtherProcess process : report.otherProcesses()) {
                pids.put(process.pid(), process.mayBegin());
            }
        }
        return pids;
    }

    /** Children are listed with the task that made them. */
    private static int underWay() {
        int underWay = 0;
        for (Path children : CHILDREN) {
            for (String child : SpawnApp.text(children).split(" ")) {
                underWay += !child.isBlank() && isUnderWay(Path.of("/proc", child.trim(), "status")) ? 1 : 0;
            }
        }
        return underWay;
    }

    /** The parent hears of a child's exec an instant before the child leaves the parent's memory. */
    private static boolean isUnderWay(Path status) {
        if (!isBeforeItsProgram(SpawnApp.text(status))) {
            return false;
        }
        long until = System.nanoTime() + INSTANT_NANOS;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        return isBeforeItsProgram(SpawnApp.text(status));
    }

    private static boolean isBeforeItsProgram(String status) {
        Matcher fields = FIELDS.matcher(status);
        return fields.find()
                && fields.group(3).equals("0")
                && !fields.group(2).equals("Z")
                && !fields.group(1).startsWith("herald");
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
                HEARING.add(way.start(program));
            }
        } catch (Exception | LinkageError e) {
            HEARING.fail(e);
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
            HEARING.fail(e);
        }
    }
}

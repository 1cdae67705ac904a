package dev.psx.agent.apps;

import dev.psx.ErrnoException;
import dev.psx.process.ChildProcess;
import dev.psx.process.LaunchException;
import dev.psx.process.Launcher;
import dev.psx.process.LauncherBuilder;
import dev.psx.process.PidFd;
import dev.psx.spi.EnginePort;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Starts children with fewer descriptors than that takes, or fewer tasks: each time with room for one more, until it works. Says what
 * happened at each, and what was left behind if anything was.
 */
public final class ScarceApp {

    private static final int NPROC = 6;
    private static final int NOFILE = 7;
    private static final int MOST = 12;
    private static final int MOST_TASKS = 400;

    private ScarceApp() {}

    /** What is tried; it says how it went. */
    private interface Attempt {
        String run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        Class.forName("dev.psx.agent.apps.LaunchApp");
        if (arguments[0].equals("tasks")) {
            tasks();
        } else {
            LauncherBuilder files = Launcher.builder("/bin/true")
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(new File("/dev/null"))
                    .redirectErrorStream(true);
            descriptors("pipes", () -> start(Launcher.builder("/bin/true")));
            descriptors("files", () -> start(files));
            ChildProcess child = LaunchApp.sleep().start();
            descriptors("open", () -> handle(PidFd.open(child.pid())));
            descriptors("handle", () -> handle(child.pidFd()));
            PidFd handle = child.pidFd();
            PidFd other = PidFd.open(ProcessHandle.current().pid());
            descriptors("wait", () -> "" + handle.waitFor(1, TimeUnit.NANOSECONDS));
            descriptors("wait for another", () -> "" + other.waitFor(1, TimeUnit.NANOSECONDS));
            child.destroyForcibly();
        }
        System.out.println("done");
        System.exit(0);
    }

    private static String start(LauncherBuilder builder) throws InterruptedException {
        ChildProcess child = builder.start();
        return "started " + child.waitFor();
    }

    private static String handle(PidFd opened) {
        opened.close();
        return "opened";
    }

    private static String outcome(Attempt attempt) throws Exception {
        try {
            return attempt.run();
        } catch (LaunchException e) {
            return e.step() + " " + e.call() + " " + e.errnoName();
        } catch (ErrnoException e) {
            return e.call() + " " + e.errnoName();
        } catch (OutOfMemoryError e) {
            return "no thread";
        }
    }

    /** All numbers below the limit are taken, but for some. */
    private static void descriptors(String name, Attempt attempt) throws Exception {
        long[] usual = limit(NOFILE, null);
        int next = LaunchLook.highestOpenFile() + 1;
        List<Integer> plugs = new ArrayList<>();
        Set<String> outcomes = new LinkedHashSet<>();
        for (int room = 0; room < MOST; room++) {
            limit(NOFILE, new long[] {next, usual[1]});
            plug(plugs);
            limit(NOFILE, usual);
            int before = LaunchLook.openFiles();
            limit(NOFILE, new long[] {next + room, usual[1]});
            String outcome = outcome(attempt);
            limit(NOFILE, usual);
            outcomes.add(outcome + left(LaunchLook.moreOpenFiles(before)));
        }
        System.out.println(name + " = " + String.join(", ", outcomes));
        plugs.forEach(LaunchKernel::close);
    }

    private static String left(int descriptors) {
        long children = ProcessHandle.current()
                .children()
                .filter(child -> !child.info().command().orElse("").endsWith("sleep"))
                .count();
        return (descriptors == 0 ? "" : ", descriptors " + descriptors)
                + (children == 0 ? "" : ", children " + children);
    }

    /** Takes all numbers below the limit, also those that other threads have given back since. */
    private static void plug(List<Integer> plugs) {
        int plug = LaunchKernel.tryToOpen("/dev/null");
        while (plug >= 0) {
            plugs.add(plug);
            plug = LaunchKernel.tryToOpen("/dev/null");
        }
    }

    /** The kernel counts the tasks of a user, who has none but these. */
    private static void tasks() throws Exception {
        long[] usual = limit(NPROC, null);
        String last = "";
        for (int room = 1; room < MOST_TASKS && !last.startsWith("started"); room++) {
            int before = LaunchLook.openFiles();
            limit(NPROC, new long[] {room, usual[1]});
            String outcome = outcome(() -> start(Launcher.builder("/bin/true")));
            limit(NPROC, usual);
            String line = outcome + (outcome.startsWith("started") ? "" : left(LaunchLook.moreOpenFiles(before)));
            if (!line.equals(last)) {
                System.out.println("tasks = " + line);
            }
            last = line;
        }
    }

    private static long[] limit(int resource, long[] to) {
        byte[] now = new byte[16];
        Object next = to == null
                ? (Object) 0L
                : ByteBuffer.allocate(16)
                        .order(ByteOrder.nativeOrder())
                        .putLong(to[0])
                        .putLong(to[1])
                        .array();
        byte[] read = OwnCall.require(
                        EnginePort.get(), new Program().addShown("prlimit64", "prlimit64", 0, resource, next, now))
                .blob(to == null ? 0 : 1);
        ByteBuffer words = ByteBuffer.wrap(read).order(ByteOrder.nativeOrder());
        return new long[] {words.getLong(), words.getLong()};
    }
}

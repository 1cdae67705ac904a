package dev.psx.examples.benchmarks;

import dev.psx.spi.Broadcast;
import dev.psx.spi.BroadcastReport;
import dev.psx.spi.CapabilityCalls;
import dev.psx.spi.EnginePort;
import dev.psx.spi.Program;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * How long tasks are held by a program of one call and by one of as many as a whole drop has, taken in turn. The calls of the first
 * row change nothing: what they cost is the engine's. Those of the second row are a drop's, but leave root what it has, so that they
 * can be made again: for each of them the kernel copies the task's credentials. Run it as root.
 */
public final class ProgramPause {

    private static final int TASKS = 200;
    private static final int CAPABILITIES = 41;
    /** Until the kernel has freed the credentials that the last program replaced: a drop is made once and meets none of them. */
    private static final long REST_MILLIS = 20;

    private static final long UNCHANGED = 0xffff_ffffL;

    private ProgramPause() {}

    /**
     * Prints the table.
     *
     * @param arguments rounds; 101 if empty
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = arguments.length == 0 ? 101 : Integer.parseInt(arguments[0]);
        start();
        Function<Object[], Object> port = EnginePort.get();
        Program one = new Program().add("setresuid", UNCHANGED, UNCHANGED, UNCHANGED);
        Program idle = new Program();
        Program drop = drop();
        while (idle.size() < drop.size()) {
            idle.add("setresuid", UNCHANGED, UNCHANGED, UNCHANGED);
        }
        System.out.println(Machine.heading() + " Java " + System.getProperty("java.version") + ", " + TASKS
                + " threads beside the JVM's own.");
        System.out.println();
        System.out.println("| calls | what they do | median of one call [us] | median of all [us] | ratio |");
        System.out.println("|---|---|---|---|---|");
        row("nothing", port, one, idle, rounds);
        row("what a drop does", port, one, drop, rounds);
    }

    private static void row(String what, Function<Object[], Object> port, Program one, Program many, int rounds)
            throws InterruptedException {
        long[] ones = new long[rounds];
        long[] manys = new long[rounds];
        pause(port, many);
        for (int i = 0; i < rounds; i++) {
            ones[i] = pause(port, one);
            manys[i] = pause(port, many);
        }
        double ratio = (double) median(manys) / median(ones);
        System.out.printf(
                "| %d | %s | %d | %d | %.3f |%n", many.size(), what, median(ones) / 1000, median(manys) / 1000, ratio);
    }

    private static Program drop() {
        Program program = new Program().addGroups(0).add("setresgid", UNCHANGED, UNCHANGED, 0);
        CapabilityCalls.dropBounding(program, (1L << CAPABILITIES) - 1);
        CapabilityCalls.keepCapabilities(program, true);
        program.add("setresuid", UNCHANGED, UNCHANGED, 0);
        CapabilityCalls.clearAmbient(program);
        CapabilityCalls.secureBits(program, 0);
        CapabilityCalls.keepCapabilities(program, false);
        CapabilityCalls.noNewPrivileges(program);
        program.add("setresuid", 0, 0, 0);
        program.add("setresgid", 0, 0, 0);
        program.add("setresuid", 0, 0, UNCHANGED);
        program.add("setresgid", 0, 0, UNCHANGED);
        CapabilityCalls.clearAmbient(program);
        CapabilityCalls.secureBits(program, 0);
        return program;
    }

    private static long pause(Function<Object[], Object> port, Program program) throws InterruptedException {
        Thread.sleep(REST_MILLIS);
        BroadcastReport report = Broadcast.send(port, program, 0);
        if (report.status != BroadcastReport.DONE) {
            throw new IllegalStateException("status " + report.status + " of " + program.describe(report.call));
        }
        return report.pauseNanos;
    }

    private static void start() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(TASKS);
        for (int i = 0; i < TASKS; i++) {
            Thread thread = new Thread(
                    () -> {
                        started.countDown();
                        LockSupport.park();
                    },
                    "held");
            thread.setDaemon(true);
            thread.start();
        }
        started.await();
    }

    private static long median(long[] values) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}

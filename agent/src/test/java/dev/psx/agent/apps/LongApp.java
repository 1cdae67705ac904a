package dev.psx.agent.apps;

import java.util.Random;

/**
 * Broadcasts in many forms beside everything that a JVM and its native libraries do, and judges each of them: every task once, none missed,
 * none later than any other. Arguments: a seed, how many broadcasts at most, for how many seconds at most, and perhaps a
 * {@link Fault} that is made on purpose. A miss, a task that cannot be
 * reached or any other surprise ends the process with code 1 and a line that begins with {@code FAILED}.
 */
public final class LongApp {

    private static final long REPORT_NANOS = 2_000_000_000L;

    private LongApp() {}

    public static void main(String[] arguments) {
        long seed = Long.parseLong(arguments[0]);
        System.out.println("seed " + seed);
        try {
            Fault fault = arguments.length > 3 ? Fault.valueOf(arguments[3]) : Fault.NONE;
            run(new Random(seed), fault, Long.parseLong(arguments[1]), Long.parseLong(arguments[2]) * 1_000_000_000L);
        } catch (Throwable e) {
            fail("main", e);
        }
        System.out.flush();
        Runtime.getRuntime().halt(0); // with threads in every state, an orderly end is another test's subject
    }

    private static void run(Random random, Fault fault, long most, long nanos) throws InterruptedException {
        Forms forms = new Forms();
        forms.spoil(fault);
        Mix mix = Mix.start(random);
        long begun = System.nanoTime();
        long reported = begun;
        for (long now = begun; count(forms, mix) < most && now - begun < nanos; now = System.nanoTime()) {
            mix.blow();
            forms.run(Forms.Form.draw(random));
            if (now - reported > REPORT_NANOS) { // whoever watches this process for hangs waits for such lines
                reported = now;
                System.out.println("progress " + count(forms, mix));
            }
        }
        long millis = (System.nanoTime() - begun) / 1_000_000;
        forms.print();
        mix.seconds().print("second");
        System.out.println("beside " + mix.done());
        System.out.println("done " + count(forms, mix) + " broadcasts in " + millis + " ms, 0 misses");
    }

    private static long count(Forms forms, Mix mix) {
        return forms.broadcasts() + mix.seconds().broadcasts();
    }

    /** Ends the process. */
    static synchronized void fail(String who, Throwable e) {
        System.out.println("FAILED " + who + ": " + e);
        e.printStackTrace(System.out);
        System.out.flush();
        Runtime.getRuntime().halt(1);
    }
}

package dev.psx.agent.apps;

import dev.psx.Posix;
import dev.psx.spi.Program;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** Counted broadcasts of one thread of an application, and the mark that they leave in the end for those who look from outside. */
final class Rounds {

    private static final int MARK_EGID = 1;

    /** An odd number, so that both uids are looked for. */
    private static final int LOOK_EVERY = 11;

    private static final AtomicInteger DONE = new AtomicInteger();

    private final CountedBroadcast broadcast = CountedBroadcast.ofEffectiveUid();
    private final RunCounter runs = new RunCounter();
    private int round;

    /**
     * Every task changes its effective uid in each, and every so often all are looked at; with an even number the last change
     * leads back to the first uid.
     */
    void run(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            round++;
            if (round % LOOK_EVERY == 0) {
                broadcast.run(round);
            } else {
                broadcast.count(round);
            }
            DONE.incrementAndGet();
        }
    }

    /** Changes nothing, but is counted: several threads may do so at a time, each with an instance of its own. */
    void runUnchanging(int count) {
        Program program =
                new Program().add("write", runs.fd(), Fixture.one(), 8).add("setresuid", -1, -1, -1);
        for (int i = 0; i < count; i++) {
            String what = "round " + ++round;
            runs.check(what, Answer.of(program).require(what, Answer.DONE));
            DONE.incrementAndGet();
        }
    }

    /** Gives every task the mark and says what was done. */
    static void mark(String what) {
        Posix.setegid(MARK_EGID);
        System.out.println("done " + DONE.get() + " broadcasts " + what);
    }

    /** The same, and then waits for the end of standard input. */
    static void finish(String what) throws IOException {
        mark(what);
        System.in.readAllBytes();
    }
}

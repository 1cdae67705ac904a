package dev.psx.agent.apps;

import dev.psx.spi.Syscalls;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MutableCallSite;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Broadcasts while the JVM makes use of its own signals without a break: SIGQUIT for thread dumps, SIGSEGV for null checks in
 * compiled code and for safepoint polls, SIGUSR2; collections; and compiled code that has to be thrown away.
 */
public final class JvmSignalsApp {

    private static final int SIGQUIT = 3;
    private static final int SIGUSR2 = 12;
    private static final int ROUNDS_PER_DUMP = 100;
    private static final int ROUNDS_PER_TURN = 100;

    private static final MutableCallSite SITE = new MutableCallSite(returning(0));
    private static final MethodHandle CALL = SITE.dynamicInvoker();

    private static int targets;
    private static volatile boolean running = true;
    private static volatile Object sink;

    private JvmSignalsApp() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[0]);
        Crowd.start(4, 5, 1);
        List<Source> sources = List.of(
                new Source("null-checks", JvmSignalsApp::nullCheck),
                new Source("collections", System::gc),
                new Source("deoptimisations", JvmSignalsApp::deoptimise));
        sources.forEach(Source::start);
        Rounds broadcasts = new Rounds();
        long dumps = 0;
        for (int round = 0; round < rounds; round += 2) {
            if (round % ROUNDS_PER_DUMP == 0) {
                signalProcess(SIGQUIT);
                dumps++;
            }
            for (Source source : sources) {
                source.signal(SIGUSR2);
                if (round % ROUNDS_PER_TURN == 0) {
                    source.awaitTurn(); // however fast broadcasts are, each source has its turns beside them
                }
            }
            broadcasts.run(2);
        }
        running = false;
        StringBuilder counts = new StringBuilder();
        for (Source source : sources) {
            source.join();
            counts.append(source.getName()).append(' ').append(source.turns).append(' ');
        }
        System.out.println("requested " + dumps + " dumps");
        Rounds.finish("beside " + counts);
    }

    /** A thread that does one thing all the time. */
    private static final class Source extends Thread {

        private final Runnable turn;
        private final AtomicLong turns = new AtomicLong();
        private volatile long tid;
        private long seen;

        Source(String name, Runnable turn) {
            super(name);
            this.turn = turn;
            setDaemon(true);
        }

        @Override
        public void run() {
            tid = Fixture.syscall(Syscalls.number("gettid"), 0, 0, 0);
            while (running) {
                turn.run();
                turns.incrementAndGet();
            }
        }

        void signal(int signal) {
            if (tid != 0) {
                long result = Fixture.syscall(
                        Syscalls.number("tgkill"), ProcessHandle.current().pid(), tid, signal);
                check(result);
            }
        }

        void awaitTurn() {
            while (turns.get() == seen) {
                Thread.onSpinWait();
            }
            seen = turns.get();
        }
    }

    private static void signalProcess(int signal) {
        check(Fixture.syscall(Syscalls.number("kill"), ProcessHandle.current().pid(), signal, 0));
    }

    private static void check(long result) {
        if (result < 0) {
            throw new IllegalStateException("errno " + -result);
        }
    }

    /** In compiled code there is no comparison with null, but a load that faults. */
    private static void nullCheck() {
        for (int i = 0; i < 100; i++) {
            try {
                sink = lengthOf(i % 2 == 0 ? null : "text");
            } catch (NullPointerException e) {
                sink = e;
            }
        }
    }

    private static int lengthOf(String text) {
        return text.length();
    }

    private static MethodHandle returning(int value) {
        return MethodHandles.dropArguments(MethodHandles.constant(int.class, value), 0, int.class);
    }

    /** Code is compiled for the target that a call site has now; another target makes that code invalid. */
    private static void deoptimise() {
        try {
            for (int i = 0; i < 5_000; i++) {
                sink = (int) CALL.invokeExact(i);
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        SITE.setTarget(returning(++targets));
        MutableCallSite.syncAll(new MutableCallSite[] {SITE});
    }
}

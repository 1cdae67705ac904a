package dev.psx.agent.apps;

import dev.psx.process.PidFd;
import dev.psx.process.Signal;
import dev.psx.spi.EnginePort;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A handle is closed while another thread signals by it, and the number of its descriptor is at once given to a handle of another
 * process: says how often that one was hit.
 */
public final class ReusedFdApp {

    private static final int PATIENCE = 200;
    private static final int KILLED_BY_USR1 = 138;

    /** A handle as one would write it first. */
    private interface Signaller {
        boolean signal();

        void close();
    }

    private static final CyclicBarrier START = new CyclicBarrier(2);
    private static final CyclicBarrier END = new CyclicBarrier(2);
    private static volatile Signaller handle;

    private static int hits;
    private static Process stranger;

    private ReusedFdApp() {}

    public static void main(String[] arguments) throws Exception {
        boolean naive = arguments[0].equals("naive");
        int rounds = Integer.parseInt(arguments[1]);
        Process target = LaunchApp.shell("trap '' USR1; echo; exec sleep 1000").start();
        target.getInputStream().read();
        stranger = LaunchApp.sleep().start();
        Thread thread = new Thread(ReusedFdApp::signal);
        thread.setDaemon(true);
        thread.start();
        for (int i = 0; i < rounds; i++) {
            handle = naive ? naive(target.pid()) : counted(target.pid());
            START.await();
            for (int spins = ThreadLocalRandom.current().nextInt(PATIENCE); spins > 0; spins--) {
                Thread.onSpinWait();
            }
            Signaller closing = handle;
            closing.close();
            long other = pidfd(stranger.pid());
            END.await();
            own("close", other);
            replaceStrangerIfHit();
        }
        countHit();
        System.out.println("hits " + hits + " target " + target.isAlive());
        System.exit(0);
    }

    private static void signal() {
        try {
            while (true) {
                START.await();
                Signaller mine = handle;
                while (mine.signal()) {
                    Thread.onSpinWait();
                }
                END.await();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** One that has been hit a moment ago is perhaps found in a later round. */
    private static void replaceStrangerIfHit() throws Exception {
        if (!stranger.isAlive()) {
            countHit();
            stranger = LaunchApp.sleep().start();
        }
    }

    private static void countHit() throws InterruptedException {
        hits += stranger.destroyForcibly().waitFor() == KILLED_BY_USR1 ? 1 : 0;
    }

    private static Signaller counted(long pid) {
        PidFd counted = PidFd.open(pid);
        return new Signaller() {
            @Override
            public boolean signal() {
                try {
                    counted.sendSignal(Signal.USR1);
                    return true;
                } catch (IllegalStateException e) {
                    return false;
                }
            }

            @Override
            public void close() {
                counted.close();
            }
        };
    }

    private static Signaller naive(long pid) {
        int descriptor = (int) pidfd(pid);
        return new Signaller() {
            private volatile boolean closed;

            @Override
            public boolean signal() {
                if (closed) {
                    return false;
                }
                own("pidfd_send_signal", descriptor, Signal.USR1.number(), 0, 0);
                return true;
            }

            @Override
            public void close() {
                closed = true;
                own("close", descriptor);
            }
        };
    }

    private static long pidfd(long pid) {
        return own("pidfd_open", pid, 0);
    }

    private static long own(String call, long... arguments) {
        return OwnCall.make(EnginePort.get(), new Program().add(call, arguments)).result;
    }
}

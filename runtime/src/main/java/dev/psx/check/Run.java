package dev.psx.check;

import dev.psx.spi.Program;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One run of all checks, for a limited time. A thread of its own makes them, because a file system that does not answer holds whoever
 * asks it; it ends at its next question.
 *
 * <p>Where an application's own class loader has loaded this library, the calling thread makes them: on another one that loader, which
 * is code of the application, would run where it does not expect to, perhaps in need of a lock that the calling thread holds. Then it
 * is the checks themselves that look at the clock.
 */
final class Run implements Runnable {

    final Map<String, String> properties = new HashMap<>();

    private final Function<Object[], Object> port;
    private final Supplier<Program> program;
    private final boolean fixUps;
    private final long longestMillis;
    private final long end;

    private List<Finding> findings = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private String current = "the disposable process";
    private boolean begun;
    private boolean over;

    Run(Function<Object[], Object> port, Supplier<Program> program, boolean fixUps, long longestMillis) {
        this.port = port;
        this.program = program;
        this.fixUps = fixUps;
        this.longestMillis = longestMillis;
        this.end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(longestMillis);
    }

    static Supplier<Program> given(Program program) {
        return new Supplier<Program>() {
            @Override
            public Program get() {
                return program;
            }
        };
    }

    /** Has the thread begin, if there is to be one. */
    void begin() {
        if (hasForeignLoader()) {
            return;
        }
        Thread thread = new Thread(rootGroup(), this, "psx-check");
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
        begun = true;
    }

    /** Returns when all checks have been made, or time is up. */
    void end() {
        if (!begun) {
            run();
        } else if (await()) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean hasForeignLoader() {
        for (ClassLoader loader = Run.class.getClassLoader(); loader != null; loader = loader.getParent()) {
            if (loader.getClass().getClassLoader() != null) { // not one of the JDK's
                return true;
            }
        }
        return false;
    }

    /** Not in the application's thread group, which it may interrupt as a whole. */
    private static ThreadGroup rootGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }

    /** Returns whether it was interrupted: the drop is made all the same. */
    private synchronized boolean await() {
        boolean interrupted = false;
        long left = end - System.nanoTime();
        while (!over && left > 0) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, TimeUnit.MILLISECONDS.toNanos(1)));
            } catch (InterruptedException e) {
                interrupted = true;
            }
            left = end - System.nanoTime();
        }
        if (!over) {
            late();
        }
        return interrupted;
    }

    @Override
    public void run() {
        try {
            Program calls = program.get();
            if (calls != null) {
                check(new Context(new TimedPort(), calls, Subject.own(properties), fixUps));
            }
        } catch (OutOfTime e) {
            late();
        } catch (IOException | RuntimeException | Error e) { // an error has no business on another thread, or in a drop
            problem("the checks of what the drop will break could not be made: " + e);
        }
        finished();
    }

    private void check(Context context) {
        for (Check check : Checks.ALL) {
            begin(check.getClass().getSimpleName());
            try {
                check.run(context);
            } catch (OutOfTime e) {
                throw e;
            } catch (IOException | RuntimeException | LinkageError e) {
                problem(check.getClass().getSimpleName() + " could not be made: " + e);
            }
            publish(context.findings.sorted());
        }
    }

    private synchronized void begin(String name) {
        current = name;
    }

    private synchronized void publish(List<Finding> found) {
        if (!over) {
            findings = found;
        }
    }

    private synchronized void problem(String text) {
        if (!over) {
            problems.add(text);
        }
    }

    private synchronized void late() {
        problem("not everything that the drop may break was checked: after " + longestMillis + " ms " + current
                + " was not over; the command check has more time");
        over = true;
    }

    private synchronized void finished() {
        over = true;
        notifyAll();
    }

    synchronized List<Finding> findings() {
        return findings;
    }

    synchronized List<String> problems() {
        return new ArrayList<>(problems);
    }

    /** Asks as long as there is time. */
    private final class TimedPort implements Function<Object[], Object> {

        @Override
        public Object apply(Object[] request) {
            if (System.nanoTime() - end > 0) {
                throw new OutOfTime();
            }
            return port.apply(request);
        }
    }

    private static final class OutOfTime extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }
}

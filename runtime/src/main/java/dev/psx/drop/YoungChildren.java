package dev.psx.drop;

import dev.psx.Credentials;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Patience;
import dev.psx.spi.Program;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Internal: the children that were started just before a drop. The exec lock keeps a drop and an exec apart, but an exec that is done
 * leaves a process that may get its processor, load its libraries and come to its main function when the drop has long returned, with
 * the credentials of before. So the drop waits a while for them, before it changes anything. It never fails for them: those that do
 * not come are reported.
 *
 * <p>While the exec lock is held exclusively there can be no new ones.
 */
final class YoungChildren {

    /** If no child was made in that time, no scheduler keeps one waiting: nothing is looked for. */
    private static final long LATELY_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** A child may have been made that long before its exec was done, on a slow file system. */
    private static final long LONG_EXEC_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Two milliseconds do in a quiet system; with twenty tasks to a processor a program with many libraries takes a tenth of a second. */
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /** To look at all takes less, and a pause, too, unless the process stands still. */
    private static final long AT_A_TIME_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Function<Object[], Object> port;
    private final DropSteps steps;

    /** Youngest first. */
    private final List<YoungChild> children = new ArrayList<>();

    private final Set<Integer> untold = new HashSet<>();
    private long now;
    private long boundNanos;

    private YoungChildren(Function<Object[], Object> port, DropSteps steps) {
        this.port = port;
        this.steps = steps;
    }

    /** Finds those that there may be, and looks at each once. */
    static YoungChildren find(Function<Object[], Object> port, DropSteps steps) {
        YoungChildren young = new YoungChildren(port, steps);
        long[] last = (long[]) port.apply(new Object[] {"last-child"});
        if (last[0] < LATELY_NANOS) {
            young.boundNanos = Math.min(MOST_NANOS, last[1]);
            young.find();
            young.look(young.boundNanos);
        }
        return young;
    }

    private void find() {
        now = Clocks.sinceBoot(port);
        int self = OutsideProcesses.self();
        boolean foreign = self != OwnCall.make(port, new Program().add("getpid")).result;
        for (ProcStat stat : OutsideProcesses.stats()) {
            if (stat.parent == self && !stat.hasEnded() && age(stat.start) < LONG_EXEC_NANOS) {
                if (foreign) {
                    untold.add(stat.pid); // its clock has another number
                } else {
                    children.add(new YoungChild(stat, port));
                }
            }
        }
        children.sort(Comparator.comparingLong((YoungChild child) -> -child.start));
    }

    /**
     * Waits for them, though not long.
     *
     * @return those that may not have come to their own code
     */
    Set<Integer> await() {
        Iterator<YoungChild> each = children.iterator();
        while (each.hasNext()) {
            Credentials credentials = OutsideProcesses.credentials(each.next().pid);
            if (credentials != null && !steps.exceeds(credentials)) {
                each.remove();
            }
        }
        boolean interrupted = Thread.interrupted(); // nothing would be a pause otherwise
        Patience patience = new Patience(boundNanos);
        while (!children.isEmpty() && !patience.over()) {
            long begin = System.nanoTime();
            if (!look(boundNanos)) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            long took = System.nanoTime() - begin;
            patience.waited(Math.min(took, AT_A_TIME_NANOS), took);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Set<Integer> left = new HashSet<>(untold);
        for (YoungChild child : children) {
            if (age(child.start) < LATELY_NANOS || child.look() == Sight.BEFORE) {
                left.add(child.pid);
            }
        }
        return left;
    }

    /** Looks at as many as there is time for, and returns whether nobody is left. */
    private boolean look(long nanos) {
        long begin = System.nanoTime();
        Iterator<YoungChild> each = children.iterator();
        while (each.hasNext() && System.nanoTime() - begin < nanos) {
            YoungChild child = each.next();
            Sight sight = child.look();
            if (sight == Sight.UNTOLD) {
                untold.add(child.pid);
            }
            if (sight != Sight.BEFORE) {
                each.remove();
            }
        }
        return children.isEmpty();
    }

    private long age(long start) {
        return now < 0 ? 0 : now - start * TICK_NANOS;
    }
}

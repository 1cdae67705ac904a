package dev.psx.drop;

import java.util.function.Function;

/**
 * Internal: a child whose exec was done before the drop began, but which perhaps still waits for a processor, or loads its program. Its
 * process id may become another's; it is the same child as long as its parent and its start are the same.
 */
final class YoungChild {

    /** PF_FORKNOEXEC: it has not come to a program, so the memory is still its parent's, or a copy. */
    private static final long BEFORE_EXEC = 0x40;

    private static final long HIDDEN = 1;

    /**
     * What a program needs from its entry to its main function: some 10 µs with a dynamic linker, 0.5 ms without, where the
     * libc still has to find out what the processor can do.
     */
    private static final long FIRST_STEPS_NANOS = 2_000_000;

    final int pid;

    /** In hundredths of a second since the system's start. */
    final long start;

    private final int parent;
    private final Function<Object[], Object> port;
    private long atEntry = -1;

    YoungChild(ProcStat stat, Function<Object[], Object> port) {
        this.pid = stat.pid;
        this.start = stat.start;
        this.parent = stat.parent;
        this.port = port;
    }

    Sight look() {
        try {
            return sight(ProcStat.read(pid));
        } catch (RuntimeException e) {
            return Sight.UNTOLD; // the drop does not fail for what it cannot see
        }
    }

    private Sight sight(ProcStat stat) {
        if (!isThis(stat)) {
            return Sight.GONE;
        }
        if ((stat.flags & BEFORE_EXEC) != 0) {
            return Sight.BEFORE;
        }
        if (stat.threads > 1) {
            return Sight.RUNS; // a dynamic linker makes none
        }
        if (stat.startCode <= HIDDEN) {
            return stat.startCode == HIDDEN ? Sight.UNTOLD : Sight.BEFORE;
        }
        Sight code = OwnCode.of(stat);
        ProcStat after = ProcStat.read(pid);
        if (!isThis(after)) {
            return Sight.GONE;
        }
        if (after.startStack != stat.startStack) {
            return Sight.BEFORE; // it was another program's stack
        }
        return code == Sight.RUNS ? beyondEntry(after) : code;
    }

    /** From the entry to main it does not wait for anything but memory. */
    private Sight beyondEntry(ProcStat stat) {
        if (stat.state == 'S') {
            return Sight.RUNS;
        }
        long time = Clocks.processorTime(port, pid);
        if (atEntry < 0) {
            atEntry = time;
        }
        return time < 0 || time - atEntry >= FIRST_STEPS_NANOS ? Sight.RUNS : Sight.BEFORE;
    }

    private boolean isThis(ProcStat stat) {
        return stat != null && !stat.hasEnded() && stat.start == start && stat.parent == parent;
    }
}

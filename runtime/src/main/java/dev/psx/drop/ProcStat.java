package dev.psx.drop;

import dev.psx.spi.ProcText;

/** Internal: what the stat file of a process says. Immutable. */
final class ProcStat {

    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int FLAGS = 6;
    private static final int THREADS = 17;
    private static final int START = 19;
    private static final int START_CODE = 23;
    private static final int START_STACK = 25;

    final int pid;
    final String comm;
    final char state;
    final int parent;
    final long flags;
    final int threads;

    /** In hundredths of a second since the system's start. */
    final long start;

    /** Where the program's code begins: 0 before it is loaded, 1 if that is kept from the reader. */
    final long startCode;

    /** Where the stack ended when the program began; set last of all that an exec sets. */
    final long startStack;

    /** The name in parentheses may hold anything, also parentheses; the other fields follow the last one. */
    private ProcStat(int pid, String stat) {
        int name = stat.lastIndexOf(')');
        String[] fields = stat.substring(name + 2).trim().split(" ");
        this.pid = pid;
        comm = stat.substring(stat.indexOf('(') + 1, name);
        state = fields[STATE].charAt(0);
        parent = Integer.parseInt(fields[PARENT]);
        flags = Long.parseLong(fields[FLAGS]);
        threads = Integer.parseInt(fields[THREADS]);
        start = Long.parseLong(fields[START]);
        startCode = Long.parseUnsignedLong(fields[START_CODE]);
        startStack = Long.parseUnsignedLong(fields[START_STACK]);
    }

    /** Returns null if there is no such process. */
    static ProcStat read(int pid) {
        String stat = ProcText.read("/proc/" + pid + "/stat");
        return stat == null ? null : new ProcStat(pid, stat);
    }

    boolean hasEnded() {
        return state == 'Z' || state == 'X';
    }
}

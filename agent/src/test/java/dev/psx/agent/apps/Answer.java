package dev.psx.agent.apps;

import dev.psx.spi.EnginePort;
import dev.psx.spi.Program;
import java.util.Arrays;

/** What the engine says of one broadcast: see psx.h. */
record Answer(long[] header, long[] entries, String holders) {

    static final int DONE = 0;
    static final int CALL_FAILED = 1;

    private static final int RAN = 0;
    private static final int PENDING = 2;
    private static final int MISSING = 4;
    private static final int WORDS = 6;

    /** Has every task run a program. */
    static Answer of(Program program) {
        return of(program.encoded(), program.blobs());
    }

    static Answer of(long[] program, byte[][] blobs) {
        Object[] answer = (Object[]) EnginePort.get().apply(new Object[] {"broadcast", program, blobs, 0});
        return new Answer((long[]) answer[0], (long[]) answer[1], (String) answer[2]);
    }

    long status() {
        return header[0];
    }

    long result() {
        return header[2];
    }

    /** How many took part, the caller included. */
    long tasks() {
        return header[3];
    }

    long attempts() {
        return header[4];
    }

    /** How many were asleep in the kernel and run the program later. */
    long pending() {
        long count = 0;
        for (int at = 1; at < entries.length; at += WORDS) {
            count += entries[at] == PENDING ? 1 : 0;
        }
        return count;
    }

    boolean isPending(long tid) {
        for (int at = 0; at < entries.length; at += WORDS) {
            if (entries[at] == tid && entries[at + 1] == PENDING) {
                return true;
            }
        }
        return false;
    }

    /** The other tasks that took part, in order. */
    int[] tids() {
        int[] tids = new int[entries.length / WORDS];
        int count = 0;
        for (int at = 0; at < entries.length; at += WORDS) {
            if (entries[at + 1] == RAN || entries[at + 1] == PENDING) {
                tids[count++] = (int) entries[at];
            }
        }
        int[] some = Arrays.copyOf(tids, count);
        Arrays.sort(some);
        return some;
    }

    /** Throws, with everything known, unless it ended so. */
    Answer require(String what, long status) {
        if (status() != status) {
            throw new IllegalStateException(what + ": status " + status() + ", result " + result() + ", attempts "
                    + attempts() + missing() + (holders == null ? "" : "; " + holders));
        }
        return this;
    }

    /** The tasks that were not gathered, and why: see enum psx_reason of psx.h. */
    private String missing() {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < entries.length; at += WORDS) {
            if (entries[at + 1] == MISSING) {
                text.append("; task ").append(entries[at]).append(" reason ").append(entries[at + 3]);
                text.append(" detail ").append(entries[at + 5]);
            }
        }
        return text.toString();
    }
}

package dev.psx.spi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Internal: the engine's answer to a broadcast or a trial, out of the port's plain arrays. The numbers are those of psx.h. */
public final class BroadcastReport {

    public static final int DONE = 0;
    public static final int CALL_FAILED = 1;
    public static final int UNREACHABLE = 2;
    public static final int DIVERGED = 3;

    private static final int WORDS = 6;

    /** A status below zero: the engine itself could not, and the number is the errno. */
    public final int status;

    public final int call;
    public final long result;
    public final int tasks;
    public final long pauseNanos;
    public final List<Entry> entries;

    /** Why the exec lock could not be had, or null. */
    final String lockHolders;

    private BroadcastReport(long[] header, long[] words, String lockHolders) {
        this.lockHolders = lockHolders;
        status = (int) header[0];
        call = (int) header[1];
        result = header[2];
        tasks = (int) header[3];
        pauseNanos = header[5];
        List<Entry> all = new ArrayList<>();
        for (int at = 0; at + WORDS <= words.length; at += WORDS) {
            all.add(new Entry(words, at));
        }
        entries = Collections.unmodifiableList(all);
    }

    public static BroadcastReport of(Object answer) {
        Object[] parts = (Object[]) answer;
        long[] entries = parts.length > 1 && parts[1] != null ? (long[]) parts[1] : new long[0];
        return new BroadcastReport((long[]) parts[0], entries, parts.length > 2 ? (String) parts[2] : null);
    }

    /** Returns the entries with one outcome. */
    public List<Entry> entries(int outcome) {
        List<Entry> some = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.outcome == outcome) {
                some.add(entry);
            }
        }
        return some;
    }

    /** What became of one task. */
    public static final class Entry {

        public static final int RAN = 0;
        public static final int DIFFERED = 1;
        public static final int PENDING = 2;
        public static final int DIED = 3;
        public static final int MISSING = 4;

        public final int tid;
        public final int outcome;
        public final int call;
        public final int reason;
        public final long result;
        public final long detail;

        private Entry(long[] words, int at) {
            tid = (int) words[at];
            outcome = (int) words[at + 1];
            call = (int) words[at + 2];
            reason = (int) words[at + 3];
            result = words[at + 4];
            detail = words[at + 5];
        }
    }
}

package dev.psx.spi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Internal: the engine's answer to a broadcast or a trial, out of the port's plain arrays. The numbers are those of psx.h. */
final class BroadcastReport {

    static final int DONE = 0;
    static final int CALL_FAILED = 1;
    static final int UNREACHABLE = 2;
    static final int DIVERGED = 3;

    private static final int WORDS = 6;

    /** A status below zero: the engine itself could not, and the number is the errno. */
    final int status;

    final int call;
    final long result;
    final int tasks;
    final long pauseNanos;
    final List<Entry> entries;

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

    static BroadcastReport of(Object answer) {
        Object[] parts = (Object[]) answer;
        long[] entries = parts.length > 1 && parts[1] != null ? (long[]) parts[1] : new long[0];
        return new BroadcastReport((long[]) parts[0], entries, parts.length > 2 ? (String) parts[2] : null);
    }

    /** Returns the entries with one outcome. */
    List<Entry> entries(int outcome) {
        List<Entry> some = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.outcome == outcome) {
                some.add(entry);
            }
        }
        return some;
    }

    /** What became of one task. */
    static final class Entry {

        static final int RAN = 0;
        static final int DIFFERED = 1;
        static final int PENDING = 2;
        static final int DIED = 3;
        static final int MISSING = 4;

        final int tid;
        final int outcome;
        final int call;
        final int reason;
        final long result;
        final long detail;

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

package dev.psx.agent.apps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** An independent look at all tasks of this process, by raw reads in look.c: who was there, and which ids they have now. */
final class Look {

    /** What every task must have; all else is 0. */
    record State(int euid, int egid, int[] groups, int filters) {

        private boolean holds(long[] rows, int at) {
            return uidsAre(rows, at + UID, euid)
                    && uidsAre(rows, at + GID, egid)
                    && rows[at + GROUPS]
                            == ((long) groups.length << 32
                                    | Arrays.stream(groups).sum())
                    && rows[at + FILTERS] == filters;
        }

        /** Real, effective, saved, and that of the file system, which follows the effective one. */
        private static boolean uidsAre(long[] rows, int at, int effective) {
            return rows[at] == 0 && rows[at + 1] == effective && rows[at + 2] == 0 && rows[at + 3] == effective;
        }
    }

    private static final int WORDS = 11;
    private static final int UID = 1;
    private static final int GID = 5;
    private static final int GROUPS = 9;
    private static final int FILTERS = 10;
    private static final int MOST = 8192;

    static {
        System.load(System.getProperty("psx.fixture"));
    }

    private final int[] before = new int[MOST];
    private final int[] after = new int[MOST];
    private final long[] rows = new long[MOST * WORDS];
    private int countBefore;
    private long ticksBefore;

    /** Notes who is there. */
    void before() {
        countBefore = counted(list(before));
        ticksBefore = ticks();
        Arrays.sort(before, 0, countBefore);
    }

    /** Throws unless all who were there before and are there now took part. */
    void checkTakenPart(String what, Answer answer) {
        int countAfter = counted(list(after));
        int[] part = answer.tids();
        if (part.length + 1 != answer.tasks()) {
            throw new IllegalStateException(what + ": " + answer.tasks() + " tasks, but " + part.length + " others");
        }
        int outside = 0;
        for (int i = 0; i < countAfter; i++) {
            int tid = after[i];
            if (Arrays.binarySearch(before, 0, countBefore, tid) >= 0 && Arrays.binarySearch(part, tid) < 0) {
                outside += tookPartThoughUnnamed(tid) ? 0 : 1;
            }
        }
        if (outside > 1) { // the caller is one
            throw new IllegalStateException(
                    what + ": " + (outside - 1) + " tasks were there before and after but not in "
                            + Arrays.toString(part) + ": " + text(after, countAfter, part));
        }
    }

    /** Its number may be another task's now: then that was born later than all that were there before. */
    private boolean tookPartThoughUnnamed(int tid) {
        long born = born(tid);
        return born < 0 || born > ticksBefore;
    }

    /** Throws unless all tasks have the state. Those asleep in the kernel may get it a little later. */
    void checkState(String what, State state, Answer answer) {
        int count = counted(rows(rows));
        for (int at = 0; at < count * WORDS; at += WORDS) {
            int tid = (int) rows[at];
            if (!state.holds(rows, at) && born(tid) >= 0 && (answer == null || !answer.isPending(tid))) {
                throw new IllegalStateException(what + ": " + "uid " + state.euid + ", gid " + state.egid + ", groups "
                        + Arrays.toString(state.groups) + ", filters " + state.filters + " do not hold on task " + tid
                        + ": "
                        + Arrays.toString(Arrays.copyOfRange(rows, at, at + WORDS)) + "\n" + files(tid));
            }
        }
    }

    private static int counted(int count) {
        if (count <= 0) {
            throw new IllegalStateException("the look found " + count + " tasks");
        }
        return count;
    }

    private static String text(int[] tids, int count, int[] part) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            if (Arrays.binarySearch(part, tids[i]) < 0) {
                text.append('\n').append(files(tids[i]));
            }
        }
        return text.toString();
    }

    private static String files(int tid) {
        StringBuilder text = new StringBuilder();
        for (String name : new String[] {"stat", "syscall", "wchan", "status"}) {
            try {
                Path file = Path.of("/proc/self/task", Integer.toString(tid), name);
                text.append(name)
                        .append(": ")
                        .append(Files.readString(file).trim())
                        .append('\n');
            } catch (IOException e) {
                text.append(name).append(": ").append(e).append('\n');
            }
        }
        return text.toString();
    }

    private static native int list(int[] tids);

    private static native int rows(long[] rows);

    /** The time of birth, or -1 if it runs no user code any more. */
    private static native long born(int tid);

    private static native long ticks();
}

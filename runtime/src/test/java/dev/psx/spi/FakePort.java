package dev.psx.spi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Stands in for the engine where only the logic above it is judged: it remembers requests and gives prepared answers. */
public final class FakePort implements Function<Object[], Object> {

    public final List<String> requests = new ArrayList<>();
    public final Map<Integer, Object[]> tasks = new LinkedHashMap<>();
    public final Map<String, Object> users = new HashMap<>();
    public final Map<String, Integer> groups = new HashMap<>();

    public Object trial = header(BroadcastReport.DONE, 0, 0);
    public Object broadcast = new Object[] {header(BroadcastReport.DONE, 0, 0)[0], new long[0]};
    public Runnable onBroadcast = () -> {};
    public boolean lockFree = true;

    /** What a call of the calling task alone gives; ENOSYS if it is not here. */
    public final Map<String, Long> own = new HashMap<>();

    /** What a link of a task leads to, by tid: device and inode. */
    public IntFunction<long[]> files = tid -> new long[2];

    private static final List<String> LOOKS = Arrays.asList("own", "task-file", "last-child");

    /** The attempt to get privileges back that succeeds, or -1. */
    public int regained = -1;

    /** So many attempts are made; then the disposable process is killed. */
    public int asked = Integer.MAX_VALUE;

    public long[] program;
    public byte[][] blobs;
    public int haltCode = -1;

    public static Object[] header(int status, int call, long result) {
        return new Object[] {new long[] {status, call, result, 3, 1, 42_000}};
    }

    public static Object[] answer(int status, int call, long result, long[]... entries) {
        long[] words = new long[entries.length * 6];
        for (int i = 0; i < entries.length; i++) {
            System.arraycopy(entries[i], 0, words, i * 6, entries[i].length);
        }
        return new Object[] {header(status, call, result)[0], words};
    }

    public FakePort task(int tid, String comm, Status status) {
        return task(tid, comm, status, 0, null);
    }

    public FakePort task(int tid, String comm, Status status, int flags, Long javaId) {
        int[] numbers = {tid, javaId == null ? 0 : 1, flags};
        tasks.put(tid, new Object[] {numbers, javaId, comm, status.text(tid), null});
        return this;
    }

    @Override
    public Object apply(Object[] request) {
        if (!LOOKS.contains(request[0])) {
            requests.add((String) request[0]); // what only looks may be asked at any time
        }
        switch ((String) request[0]) {
            case "lock-exclusive":
            case "unlock-exclusive":
                return lockFree;
            case "tasks":
                return tasks.values().toArray();
            case "trial":
                return trial;
            case "probe":
                return new Object[] {((Object[]) trial)[0], refused((long[]) request[3]), request[4]};
            case "own":
                return new Object[] {own.getOrDefault(Syscalls.name(((long[]) request[1])[0]), -38L), request[2]};
            case "ring":
                return 0L;
            case "last-child":
                return new long[] {Long.MAX_VALUE, 0};
            case "task-file":
                return files.apply((Integer) request[1]);
            case "broadcast":
                program = (long[]) request[1];
                blobs = (byte[][]) request[2];
                haltCode = (Integer) request[3];
                onBroadcast.run();
                return broadcast;
            case "user":
                return users.get(request[1]);
            case "group":
                return groups.get(request[1]);
            default:
                throw new AssertionError(request[0]);
        }
    }

    private long[] refused(long[] attempts) {
        long[] results = new long[attempts.length / 8];
        for (int i = 0; i < results.length; i++) {
            results[i] = i >= asked ? -125 : i == regained ? 0 : -1;
        }
        return results;
    }

    /** Returns the names of the calls that were sent, with the first argument of prctl. */
    public List<String> calls() {
        List<String> calls = new ArrayList<>();
        for (int i = 0; i < program.length; i += 8) {
            String name = Syscalls.name(program[i]);
            calls.add(name.equals("prctl") ? name + " " + program[i + 1] + " " + program[i + 2] : name);
        }
        return calls;
    }

    /** The text of a status file. */
    public record Status(
            char state,
            String uid,
            String gid,
            String groups,
            long permitted,
            long bounding,
            long ambient,
            long inheritable,
            int nnp) {

        public static final Status ROOT = new Status('S', "0", "0", "0 4", 7, 5, 0, 0, 0);

        public static Status dropped(int id) {
            return new Status('S', "" + id, "" + id, "" + id, 0, 0, 0, 0, 1);
        }

        public Status state(char state) {
            return new Status(state, uid, gid, groups, permitted, bounding, ambient, inheritable, nnp);
        }

        public Status uid(String uid) {
            return new Status(state, uid, gid, groups, permitted, bounding, ambient, inheritable, nnp);
        }

        public Status groups(String groups) {
            return new Status(state, uid, gid, groups, permitted, bounding, ambient, inheritable, nnp);
        }

        public Status capabilities(long permitted, long bounding, long ambient) {
            return new Status(state, uid, gid, groups, permitted, bounding, ambient, inheritable, nnp);
        }

        public Status inheritable(long inheritable) {
            return new Status(state, uid, gid, groups, permitted, bounding, ambient, inheritable, nnp);
        }

        public Status nnp(int nnp) {
            return new Status(state, uid, gid, groups, permitted, bounding, ambient, inheritable, nnp);
        }

        public String text(int tid) {
            return """
                    Name:\tx
                    Umask:\t0022
                    State:\t%c (whatever)
                    Tgid:\t100
                    Pid:\t%d
                    Uid:\t%s
                    Gid:\t%s
                    Groups:\t%s
                    SigPnd:\t0000000000000000
                    SigBlk:\t0000000000000000
                    SigCgt:\t0000000000000000
                    CapInh:\t%016x
                    CapPrm:\t%016x
                    CapEff:\t%016x
                    CapBnd:\t%016x
                    CapAmb:\t%016x
                    NoNewPrivs:\t%d
                    Seccomp:\t0
                    """.formatted(
                            state,
                            tid,
                            four(uid),
                            four(gid),
                            groups,
                            inheritable,
                            permitted,
                            permitted,
                            bounding,
                            ambient,
                            nnp);
        }

        private static String four(String ids) {
            return ids.contains("\t") ? ids : String.join("\t", ids, ids, ids, ids);
        }
    }
}

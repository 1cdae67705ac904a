package dev.psx.agent.cli;

import dev.psx.spi.TaskKinds;
import dev.psx.spi.ThreadTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** All tasks of a process at, as nearly as /proc allows, one moment. */
final class Snapshot {

    /** Of a process that makes tasks faster than they can be read, those that the last listing still has are shown. */
    private static final int ROUNDS = 20;

    private final int pid;
    private final String name;
    private final boolean table;
    private final List<TaskRow> tasks;
    private final Verdict verdict;

    private Snapshot(ProcessFiles files, boolean table, List<TaskRow> tasks) {
        this.pid = files.pid();
        this.name = files.leader().name();
        this.table = table;
        this.tasks = Collections.unmodifiableList(tasks);
        this.verdict = new Verdict(tasks);
    }

    /** Reads tasks until a listing shows exactly those that have been read. The names are by the tids that the tasks know. */
    static Snapshot take(ProcessFiles files, Map<Integer, String> attachedNames) throws CommandFailure {
        SortedMap<Integer, ProcessFiles.RawTask> read = new TreeMap<>();
        ThreadTable table = null;
        for (int round = 0; round < ROUNDS; round++) {
            SortedSet<Integer> listed = files.taskIds();
            if (listed.equals(read.keySet())) {
                break;
            }
            read.keySet().retainAll(listed);
            readNew(files, listed, read);
            // Read between two listings: a Java thread that both show is in it.
            table = TableFinder.find(files, read.values());
        }
        Set<Integer> pollers = Pollers.find(files, read.values());
        List<TaskRow> rows = new ArrayList<>(read.size());
        for (ProcessFiles.RawTask task : read.values()) {
            rows.add(row(task, table, attachedNames, pollers));
        }
        if (rows.stream().allMatch(row -> row.status().dead())) {
            throw new CommandFailure(
                    "no such process: " + files.pid() + " has ended and waits for its parent (zombie)");
        }
        return new Snapshot(files, table != null, rows);
    }

    int pid() {
        return pid;
    }

    /** The native name of the first task. */
    String name() {
        return name;
    }

    /** Whether the process has the agent's table of threads. */
    boolean hasTable() {
        return table;
    }

    /** In the order of their tids. */
    List<TaskRow> tasks() {
        return tasks;
    }

    Verdict verdict() {
        return verdict;
    }

    private static void readNew(ProcessFiles files, Set<Integer> listed, Map<Integer, ProcessFiles.RawTask> read)
            throws CommandFailure {
        for (int tid : listed) {
            ProcessFiles.RawTask task = read.containsKey(tid) ? null : files.readTask(tid);
            if (task != null) {
                read.put(tid, task);
            }
        }
    }

    private static TaskRow row(
            ProcessFiles.RawTask task, ThreadTable table, Map<Integer, String> attachedNames, Set<Integer> pollers) {
        int tid = task.status.innermostTid();
        ThreadTable.Entry entry = table == null ? null : table.entries().get(tid);
        boolean kernel = TaskKinds.kernel(task.flags);
        boolean registered = entry != null && !kernel;
        String thread = registered ? entry.name : attachedNames.get(tid);
        return new TaskRow(task, registered, thread, pollers.contains(task.status.tid()));
    }
}

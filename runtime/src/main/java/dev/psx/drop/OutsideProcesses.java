package dev.psx.drop;

import dev.psx.Credentials;
import dev.psx.spi.ProcText;
import java.io.File;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Internal: the processes that a drop does not reach and that are, or run in the memory of, this one's: children with the old
 * credentials, and those made by clone(CLONE_VM) without CLONE_THREAD.
 */
final class OutsideProcesses {

    private static final String PROC = "/proc/";

    /** Who shares the memory can be told only as long as the privilege to ask is there. */
    private final List<Integer> sharing;

    /** Those that may not have come to their own code yet. */
    private final Set<Integer> late;

    private final int self;

    private OutsideProcesses(int self, List<Integer> sharing, Set<Integer> late) {
        this.self = self;
        this.sharing = sharing;
        this.late = late;
    }

    /** Looks who shares the memory: before the drop, and when children that are still in their exec have had the time to leave it. */
    static OutsideProcesses before(Kcmp kcmp, Set<Integer> late) {
        int self = self();
        List<Integer> sharing = new ArrayList<>();
        for (int pid : pids()) {
            if (pid != self && kcmp.shares(pid, Kcmp.VM)) {
                sharing.add(pid);
            }
        }
        return new OutsideProcesses(self, sharing, late);
    }

    /** Returns those that have now, after the drop, more than it leaves; none where there is no /proc to look at. */
    List<OutsideProcess> exceeding(DropSteps steps) {
        Map<Integer, ProcStat> stats = new TreeMap<>();
        for (ProcStat stat : stats()) {
            stats.put(stat.pid, stat);
        }
        List<OutsideProcess> found = new ArrayList<>();
        for (ProcStat stat : stats.values()) {
            boolean shares = sharing.contains(stat.pid);
            if (stat.pid != self && (shares || descends(stat.pid, stats))) {
                Credentials credentials = credentials(stat.pid);
                if (credentials != null && (shares || steps.exceeds(credentials))) {
                    found.add(new OutsideProcess(stat, shares, !shares && late.contains(stat.pid), credentials));
                }
            }
        }
        return Collections.unmodifiableList(found);
    }

    private boolean descends(int pid, Map<Integer, ProcStat> stats) {
        int at = pid;
        for (int steps = 0; steps < stats.size(); steps++) {
            ProcStat stat = stats.get(at);
            at = stat == null ? 0 : stat.parent;
            if (at == self) {
                return true;
            }
            if (at <= 1) {
                return false;
            }
        }
        return false;
    }

    /** A zombie has credentials, but uses them no more. */
    static Credentials credentials(int pid) {
        String status = ProcText.read(PROC + pid + "/status");
        try {
            return status == null || status.contains("\nState:\tZ") ? null : Credentials.parse(status);
        } catch (IllegalArgumentException e) {
            return null; // it ended while its file was read
        }
    }

    static int self() {
        String stat = ProcText.read(PROC + "self/stat");
        return stat == null ? 0 : Integer.parseInt(stat.substring(0, stat.indexOf(' ')));
    }

    /** Returns what can be seen of each process. */
    static List<ProcStat> stats() {
        List<ProcStat> stats = new ArrayList<>();
        for (int pid : pids()) {
            ProcStat stat = ProcStat.read(pid);
            if (stat != null) {
                stats.add(stat);
            }
        }
        return stats;
    }

    private static List<Integer> pids() {
        List<Integer> pids = new ArrayList<>();
        String[] names = new File(PROC).list();
        for (String name : names == null ? new String[0] : names) {
            if (name.charAt(0) >= '1' && name.charAt(0) <= '9') {
                pids.add(Integer.valueOf(name));
            }
        }
        return pids;
    }
}

package dev.psx.drop;

import dev.psx.Credentials;
import dev.psx.spi.ProcText;
import java.io.File;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Internal: the processes that a drop does not reach and that are, or run in the memory of, this one's: children with the old
 * credentials, and those made by clone(CLONE_VM) without CLONE_THREAD.
 */
final class OutsideProcesses {

    private static final String PROC = "/proc/";

    /** Who shares the memory can be told only as long as the privilege to ask is there. */
    private final List<Integer> sharing;

    private final int self;

    private OutsideProcesses(int self, List<Integer> sharing) {
        this.self = self;
        this.sharing = sharing;
    }

    /** Looks who shares the memory; before the drop. */
    static OutsideProcesses before(Kcmp kcmp) {
        int self = self();
        List<Integer> sharing = new ArrayList<>();
        for (int pid : pids()) {
            if (pid != self && kcmp.shares(pid, Kcmp.VM)) {
                sharing.add(pid);
            }
        }
        return new OutsideProcesses(self, sharing);
    }

    /** Returns those that have now, after the drop, more than it leaves; none where there is no /proc to look at. */
    List<OutsideProcess> exceeding(DropSteps steps) {
        Map<Integer, String> stats = new HashMap<>();
        for (int pid : pids()) {
            String stat = ProcText.read(PROC + pid + "/stat");
            if (stat != null) {
                stats.put(pid, stat);
            }
        }
        Map<Integer, OutsideProcess> found = new TreeMap<>();
        for (Map.Entry<Integer, String> each : stats.entrySet()) {
            int pid = each.getKey();
            boolean shares = sharing.contains(pid);
            if (pid != self && (shares || descends(pid, stats))) {
                Credentials credentials = credentials(pid);
                if (credentials != null && (shares || steps.exceeds(credentials))) {
                    found.put(pid, new OutsideProcess(pid, comm(each.getValue()), shares, credentials));
                }
            }
        }
        return Collections.unmodifiableList(new ArrayList<>(found.values()));
    }

    private boolean descends(int pid, Map<Integer, String> stats) {
        int at = pid;
        for (int steps = 0; steps < stats.size(); steps++) {
            String stat = stats.get(at);
            at = stat == null ? 0 : parent(stat);
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
    private static Credentials credentials(int pid) {
        String status = ProcText.read(PROC + pid + "/status");
        try {
            return status == null || status.contains("\nState:\tZ") ? null : Credentials.parse(status);
        } catch (IllegalArgumentException e) {
            return null; // it ended while its file was read
        }
    }

    private static int self() {
        String stat = ProcText.read(PROC + "self/stat");
        return stat == null ? 0 : Integer.parseInt(stat.substring(0, stat.indexOf(' ')));
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

    /** The name in parentheses may hold anything, also parentheses; state and parent follow the last one. */
    private static int parent(String stat) {
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[1]);
    }

    private static String comm(String stat) {
        return stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    }
}

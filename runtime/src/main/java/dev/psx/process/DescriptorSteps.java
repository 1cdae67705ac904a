package dev.psx.process;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The child's descriptors: each as a copy of one of the parent's, in two passes, because the number that one shall have may be where
 * another one comes from; and the end of all others.
 */
final class DescriptorSteps {

    private static final int F_SETFD = 2;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int CLOSE_RANGE_CLOEXEC = 4;
    private static final long LAST = 0xFFFF_FFFFL;

    private final SortedMap<Integer, Integer> wanted;
    private final ChildProgram program;
    private final Map<Integer, ChildCall.Result> moved = new HashMap<>();

    /** @param wanted the parent's descriptors by the number that each shall have in the child */
    DescriptorSteps(Map<Integer, Integer> wanted, ChildProgram program) {
        this.wanted = new TreeMap<>(wanted);
        this.program = program;
    }

    /**
     * Gives all their numbers.
     *
     * @param also a descriptor of the parent's that is still needed afterwards, or null
     */
    void number(Integer also) {
        for (Map.Entry<Integer, Integer> each : wanted.entrySet()) {
            if (!each.getKey().equals(each.getValue())) {
                moveIfInTheWay(each.getValue());
            }
        }
        if (also != null) {
            moveIfInTheWay(also);
        }
        for (Map.Entry<Integer, Integer> each : wanted.entrySet()) {
            place(each.getKey(), each.getValue());
        }
    }

    private void moveIfInTheWay(int source) {
        boolean stays = Integer.valueOf(source).equals(wanted.get(source));
        if (wanted.containsKey(source) && !stays && !moved.containsKey(source)) {
            int above = wanted.lastKey() + 1;
            String shown = "fcntl(" + source + ", F_DUPFD_CLOEXEC, " + above + ")";
            moved.put(source, program.add(LaunchStep.DESCRIPTORS, shown, "fcntl", source, F_DUPFD_CLOEXEC, above));
        }
    }

    private void place(int target, int source) {
        if (target == source) {
            String shown = "fcntl(" + target + ", F_SETFD, 0)";
            program.add(LaunchStep.DESCRIPTORS, shown, "fcntl", target, F_SETFD, 0);
        } else {
            String shown = "dup3(" + source + ", " + target + ", 0)";
            program.add(LaunchStep.DESCRIPTORS, shown, "dup3", now(source), target, 0);
        }
    }

    /** Where one of the parent's descriptors is after the first pass. */
    Object now(int source) {
        ChildCall.Result elsewhere = moved.get(source);
        return elsewhere == null ? (Object) source : elsewhere;
    }

    /** They are closed when the program is executed: until then some are needed. */
    void closeOthers(Surroundings surroundings) {
        if (surroundings.closesRanges()) {
            long from = 0;
            for (int target : wanted.keySet()) {
                closeRange(from, target - 1L);
                from = target + 1L;
            }
            closeRange(from, LAST);
        } else {
            closeEach(surroundings.inheritableDescriptors());
        }
    }

    private void closeRange(long from, long to) {
        if (from <= to) {
            String shown =
                    "close_range(" + from + ", " + (to == LAST ? "~0" : Long.toString(to)) + ", CLOSE_RANGE_CLOEXEC)";
            program.add(LaunchStep.DESCRIPTORS, shown, "close_range", from, to, CLOSE_RANGE_CLOEXEC);
        }
    }

    private void closeEach(List<Integer> open) {
        for (int descriptor : open) {
            if (!wanted.containsKey(descriptor)) {
                String shown = "fcntl(" + descriptor + ", F_SETFD, FD_CLOEXEC)";
                program.add(LaunchStep.DESCRIPTORS, shown, "fcntl", descriptor, F_SETFD, 1);
                program.ignoringErrors(); // it may be closed by now
            }
        }
    }
}

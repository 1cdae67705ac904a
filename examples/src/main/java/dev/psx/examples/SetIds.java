package dev.psx.examples;

import dev.psx.Posix;
import dev.psx.Psx;
import dev.psx.Task;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Single calls on every task, as a C program would make them: works as another user for a moment, and comes back.
 *
 * <pre>java … dev.psx.examples.SetIds UID</pre>
 */
public final class SetIds {

    private SetIds() {}

    /**
     * Prints the effective user ids of all tasks at each step.
     *
     * @param arguments the uid to be in between
     */
    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            System.err.println("usage: SetIds UID");
            System.exit(2);
        }
        if (!Psx.isAvailable()) {
            throw new IllegalStateException("no broadcast here", Psx.unavailabilityCause());
        }
        System.out.println("before: " + tasksByEffectiveUid());
        Posix.seteuid(Integer.parseInt(arguments[0]));
        try {
            System.out.println("within: " + tasksByEffectiveUid());
        } finally {
            Posix.seteuid(0);
        }
        System.out.println("after: " + tasksByEffectiveUid());
    }

    private static String tasksByEffectiveUid() {
        Map<Integer, Long> counts = Psx.tasks().stream()
                .filter(task -> task.kind() != Task.Kind.KERNEL)
                .collect(Collectors.groupingBy(
                        task -> task.credentials().effectiveUid(), TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .map(entry -> "euid " + entry.getKey() + " on " + entry.getValue() + " tasks")
                .collect(Collectors.joining(", "));
    }
}

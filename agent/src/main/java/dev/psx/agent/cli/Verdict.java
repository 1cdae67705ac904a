package dev.psx.agent.cli;

import dev.psx.Credentials;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether all tasks have the same credentials. */
final class Verdict {

    private final List<Group> groups;

    Verdict(List<TaskRow> tasks) {
        Map<Credentials, Group> byCredentials = new LinkedHashMap<>();
        for (TaskRow task : tasks) {
            byCredentials
                    .computeIfAbsent(task.credentials(), credentials -> new Group())
                    .add(task);
        }
        groups = new ArrayList<>(byCredentials.values());
        // Stable: of equally large groups the one with the lowest tid, which is mostly the leader's, comes first.
        groups.sort(Comparator.comparingInt((Group group) -> group.counted).reversed());
        for (int i = 0; i < groups.size(); i++) {
            groups.get(i).letter = letter(i);
        }
    }

    /** Only tasks that count can differ. */
    boolean consistent() {
        return groups.size() < 2 || groups.get(1).counted == 0;
    }

    /** Tasks of equal credentials; the group with most tasks that count, the one that the others are compared with, is first. */
    List<Group> groups() {
        return Collections.unmodifiableList(groups);
    }

    int counted() {
        return groups.stream().mapToInt(Group::counted).sum();
    }

    private static String letter(int index) {
        String last = String.valueOf((char) ('A' + index % 26));
        return index < 26 ? last : letter(index / 26 - 1) + last;
    }

    /** Tasks with the same credentials. */
    static final class Group {

        private final List<TaskRow> tasks = new ArrayList<>();
        private int counted;
        private String letter;

        private void add(TaskRow task) {
            tasks.add(task);
            counted += task.counts() ? 1 : 0;
        }

        List<TaskRow> tasks() {
            return Collections.unmodifiableList(tasks);
        }

        /** How many of the tasks count. */
        int counted() {
            return counted;
        }

        String letter() {
            return letter;
        }
    }
}

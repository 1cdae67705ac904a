package dev.psx.agent.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What {@code status} prints for people: credentials once each, every task with the letter of its own, and the verdict last. */
final class TextReport {

    private static final int COLUMNS = 100;
    private static final int COMM = 15;
    private static final String ROW = "%7s  %-4s  %-6s  %-3s  %-15s  ";
    private static final int ROW_WIDTH = 7 + 4 + 6 + 3 + 15 + 5 * 2;

    /** A long list of differing tasks says no more than the letters in the table. */
    private static final int NAMED = 50;

    private static final String POLLER = ": an io_uring poller, uses its own credentials for all";

    private final Snapshot snapshot;
    private final List<Verdict.Group> groups;
    private final StringBuilder text = new StringBuilder();

    TextReport(Snapshot snapshot) {
        this.snapshot = snapshot;
        this.groups = snapshot.verdict().groups();
    }

    String text() {
        heading();
        credentials();
        tasks();
        remarks();
        differences();
        line(verdict());
        return text.toString();
    }

    private void heading() {
        long registered = snapshot.tasks().stream().filter(TaskRow::registered).count();
        String heading = "process " + snapshot.pid() + " (" + Text.plain(snapshot.name()) + "): "
                + count(snapshot.tasks().size(), "task") + ", "
                + (snapshot.hasTable()
                        ? count(registered, "registered Java thread")
                        : "no thread table (psx-agent is not active in it)");
        text.append(Text.wrap(heading, "", COLUMNS));
        line("");
    }

    private void credentials() {
        for (Verdict.Group group : groups) {
            CredentialText words = words(group);
            line(group.letter() + ": " + count(group.tasks().size(), "task"));
            text.append(Text.wrap(words.idLine(), "   ", COLUMNS));
            text.append(Text.wrap(words.capabilityLine(), "   ", COLUMNS));
        }
        if (groups.stream().anyMatch(group -> words(group).idLine().contains("/"))) {
            line("ids that differ: real/effective/saved/file system");
        }
        line("");
    }

    private void tasks() {
        Map<TaskRow, String> letters = new HashMap<>();
        groups.forEach(group -> group.tasks().forEach(task -> letters.put(task, group.letter())));
        line(String.format(ROW, "TID", "CRED", "KIND", "REG", "NATIVE NAME") + "JAVA THREAD");
        for (TaskRow task : snapshot.tasks()) {
            String letter = letters.get(task);
            line(String.format(
                            ROW,
                            task.tid(),
                            task.counts() ? letter : "[" + letter + "]",
                            task.kind(),
                            task.registered() ? "yes" : "no",
                            Text.fit(task.status().name(), COMM))
                    + (task.thread() == null ? "-" : Text.fit(task.thread(), COLUMNS - ROW_WIDTH)));
        }
        line("");
    }

    private void remarks() {
        long dead =
                snapshot.tasks().stream().filter(task -> task.status().dead()).count();
        long workers = snapshot.tasks().stream().filter(task -> !task.counts()).count() - dead;
        if (dead > 0) {
            line("[ ] " + count(dead, "dead task")
                    + " left out of the verdict: still listed, but runs nothing any more");
        }
        if (workers > 0) {
            line("[ ] " + count(workers, "kernel worker")
                    + " left out of the verdict: acts with the credentials of the task it" + " works for");
        }
    }

    private void differences() {
        if (snapshot.verdict().consistent()) {
            return;
        }
        CredentialText reference = words(groups.get(0));
        for (Verdict.Group group : groups.subList(1, groups.size())) {
            if (group.counted() > 0) {
                String what =
                        group.letter() + " differs from A: " + words(group).differences(reference);
                text.append(Text.wrap(what, "", COLUMNS));
                name(group);
            }
        }
    }

    private void name(Verdict.Group group) {
        group.tasks().stream()
                .filter(TaskRow::counts)
                .limit(NAMED)
                .forEach(task -> line(Text.cut("   task " + task.label() + (task.poller() ? POLLER : ""), COLUMNS)));
        if (group.counted() > NAMED) {
            line("   and " + (group.counted() - NAMED) + " more, marked " + group.letter() + " above");
        }
    }

    private String verdict() {
        int counted = snapshot.verdict().counted();
        int others = counted - groups.get(0).counted();
        if (!snapshot.verdict().consistent()) {
            int same = groups.get(0).counted();
            return "DIVERGED: " + others + " of " + count(counted, "task") + (others == 1 ? " does" : " do")
                    + " not have the credentials of " + (same == 1 ? "the other" : "the other " + same);
        }
        if (counted == 0) {
            return "consistent: there are only kernel workers and dead tasks";
        }
        return counted == 1
                ? "consistent: there is only one task"
                : "consistent: all " + count(counted, "task") + " have the same credentials";
    }

    private static CredentialText words(Verdict.Group group) {
        return new CredentialText(group.tasks().get(0).status());
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}

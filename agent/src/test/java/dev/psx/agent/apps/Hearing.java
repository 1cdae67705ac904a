package dev.psx.agent.apps;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What children have said, held against the changes beside which they were started. */
final class Hearing {

    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private final List<Heralds.Said> said = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private Throwable failure;

    /**
     * The time between the return from a change and the next one.
     *
     * @param reported the processes in its report, and whether they may begin afterwards
     */
    private record Change(long from, long to, Map<Integer, Boolean> reported) {}

    synchronized void add(Heralds.Said words) {
        said.add(words);
    }

    synchronized void changed(long from, long to, Map<Integer, Boolean> reported) {
        changes.add(new Change(from, to, reported));
    }

    synchronized void fail(Throwable why) {
        failure = why;
    }

    synchronized int heard() {
        return said.size();
    }

    private synchronized Throwable failure() {
        return failure;
    }

    void await(int count) {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (heard() < count) {
            if (failure() != null || System.nanoTime() > until) {
                throw new IllegalStateException("children are not started any more", failure());
            }
            Thread.yield();
        }
    }

    /** How many began with the old uid when a change had returned, and how many of these its report does not name. */
    synchronized String result() {
        said.sort(Comparator.comparingLong(Heralds.Said::at));
        Map<Heralds, Integer> begun = new TreeMap<>();
        int sum = 0;
        int unlisted = 0;
        int unannounced = 0;
        long latest = 0;
        int next = 0;
        for (Heralds.Said words : said) {
            while (next < changes.size() && changes.get(next).to < words.at()) {
                next++;
            }
            if (words.euid() == 0 && next < changes.size() && changes.get(next).from < words.at()) {
                Change change = changes.get(next);
                begun.merge(words.way(), 1, Integer::sum);
                sum++;
                latest = Math.max(latest, words.at() - change.from);
                unlisted += change.reported.containsKey(words.pid()) ? 0 : 1;
                unannounced += change.reported.getOrDefault(words.pid(), false) ? 0 : 1;
            }
        }
        int announced = 0;
        for (Change change : changes) {
            announced +=
                    (int) change.reported.values().stream().filter(may -> may).count();
        }
        return "late " + sum + " unlisted " + unlisted + " unannounced " + unannounced + " announced " + announced
                + ": of "
                + said.size() + " children began with the old uid afterwards " + begun + ", the last after "
                + latest / 1000 + " us,";
    }
}

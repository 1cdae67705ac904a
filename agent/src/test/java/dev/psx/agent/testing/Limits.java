package dev.psx.agent.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One resource limit of a process, as {@code /proc/PID/limits} shows it; -1 stands for none. */
public record Limits(String resource, long soft, long hard) {

    /** The kernel lists them in the order of their numbers. */
    private static final String[] RESOURCES =
            "cpu fsize data stack core rss nproc nofile memlock as locks sigpending msgqueue nice rtprio rttime"
                    .split(" ");

    /** More than a JVM needs of anything. */
    private static final long MUCH = 1L << 45;

    public static List<Limits> of(Child child) {
        return parse(WholeState.limits(child));
    }

    /** Those of the tests, which the processes that they start have, too. */
    public static List<Limits> own() {
        try {
            return parse(Files.readString(Path.of("/proc/self/limits")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Limits> parse(String text) {
        List<Limits> limits = new ArrayList<>();
        for (String line : text.lines().skip(1).toList()) {
            String[] words = line.replaceFirst("^Max [a-z -]*?  +", "").split(" +");
            limits.add(new Limits(RESOURCES[limits.size()], value(words[0]), value(words[1])));
        }
        if (limits.size() != RESOURCES.length) {
            throw new IllegalStateException("there are other limits than these: " + limits);
        }
        return limits;
    }

    private static long value(String word) {
        return word.equals("unlimited") ? -1 : Long.parseLong(word);
    }

    /** A little less, which needs no privilege; the soft limit stays if it can. One of 0 stays. */
    public Limits lowered() {
        long less = hard == -1 ? MUCH : Math.max(0, hard - 1);
        return new Limits(resource, soft == -1 || soft > less ? less : soft, less);
    }

    /** One more than there may be. */
    public Limits raised() {
        return new Limits(resource, soft, hard + 1);
    }

    /** As plans and options take it. */
    public String word() {
        return "limit-" + resource + "=" + soft + ":" + hard;
    }
}

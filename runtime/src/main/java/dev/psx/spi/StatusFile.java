package dev.psx.spi;

import java.util.HashMap;
import java.util.Map;
import java.util.StringTokenizer;

/**
 * Internal: what {@code /proc/PID/task/TID/status} says about one task. Immutable.
 *
 * <p>The kernel escapes line feeds in the name, so no task can forge a line of its own file.
 */
public final class StatusFile {

    private final int tid;
    private final int tgid;
    private final int innermostTid;
    private final String name;
    private final char state;
    private final int[] uid;
    private final int[] gid;
    private final int[] groups;
    private final long[] capabilities;
    private final boolean noNewPrivs;
    private final int seccomp;
    private final long signalsPending;
    private final long signalsBlocked;
    private final long signalsCaught;

    private StatusFile(Lines lines) {
        tid = lines.number("Pid");
        tgid = lines.number("Tgid");
        innermostTid = lines.last("NSpid", tid);
        name = unescape(lines.text("Name"));
        state = lines.letter("State");
        uid = lines.ids("Uid", 4);
        gid = lines.ids("Gid", 4);
        groups = IdSet.of(lines.ids("Groups", -1));
        capabilities = new long[] {
            lines.bits("CapInh"),
            lines.bits("CapPrm"),
            lines.bits("CapEff"),
            lines.bits("CapBnd"),
            lines.bits("CapAmb", 0)
        };
        noNewPrivs = lines.number("NoNewPrivs", 0) != 0;
        seccomp = lines.number("Seccomp", 0);
        signalsPending = lines.bits("SigPnd");
        signalsBlocked = lines.bits("SigBlk");
        signalsCaught = lines.bits("SigCgt");
    }

    /**
     * Reads the text of a status file. Lines that a kernel may lack (CapAmb before 4.3, NoNewPrivs before 4.10, Seccomp where
     * it is not built in) count as zero.
     *
     * @throws IllegalArgumentException if the text is no status file; a file cut short by the end of its task is none
     */
    public static StatusFile parse(String text) {
        return new StatusFile(new Lines(text));
    }

    public int tid() {
        return tid;
    }

    public int tgid() {
        return tgid;
    }

    /** The id that the task itself knows: another than {@link #tid()} if it is in a pid namespace below ours. */
    public int innermostTid() {
        return innermostTid;
    }

    /** The native name, unescaped: it may hold any character. */
    public String name() {
        return name;
    }

    public char state() {
        return state;
    }

    /** Whether the task has ended and is only still listed. */
    public boolean dead() {
        return state == 'Z' || state == 'X' || state == 'x';
    }

    /** Real, effective, saved and file system user id. */
    public int[] uid() {
        return uid.clone();
    }

    /** Real, effective, saved and file system group id. */
    public int[] gid() {
        return gid.clone();
    }

    /** The supplementary groups, each once, in unsigned order: equal sets are equal arrays. */
    public int[] groups() {
        return groups.clone();
    }

    public long capInheritable() {
        return capabilities[0];
    }

    public long capPermitted() {
        return capabilities[1];
    }

    public long capEffective() {
        return capabilities[2];
    }

    public long capBounding() {
        return capabilities[3];
    }

    public long capAmbient() {
        return capabilities[4];
    }

    public boolean noNewPrivs() {
        return noNewPrivs;
    }

    /** 0 off, 1 strict, 2 filter. */
    public int seccomp() {
        return seccomp;
    }

    /** Signals pending for this very task, bit 0 being signal 1. */
    public long signalsPending() {
        return signalsPending;
    }

    public long signalsBlocked() {
        return signalsBlocked;
    }

    /** Signals that have a handler. */
    public long signalsCaught() {
        return signalsCaught;
    }

    private static String unescape(String name) {
        StringBuilder plain = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '\\' && i + 1 < name.length()) {
                c = name.charAt(++i) == 'n' ? '\n' : name.charAt(i);
            }
            plain.append(c);
        }
        return plain.toString();
    }

    /** The lines by their keys. */
    private static final class Lines {

        private final Map<String, String> values = new HashMap<>();

        Lines(String text) {
            for (String line : text.split("\n")) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    values.putIfAbsent(line.substring(0, colon), line.substring(colon + 1));
                }
            }
        }

        String text(String key) {
            String value = values.get(key);
            if (value == null) {
                throw new IllegalArgumentException("no line " + key + " in a status file");
            }
            return value.startsWith("\t") ? value.substring(1) : value;
        }

        int number(String key) {
            return Integer.parseInt(text(key).trim());
        }

        int number(String key, int otherwise) {
            return values.containsKey(key) ? number(key) : otherwise;
        }

        int last(String key, int otherwise) {
            if (!values.containsKey(key)) {
                return otherwise;
            }
            int[] all = ids(key, -1);
            return all.length == 0 ? otherwise : all[all.length - 1];
        }

        char letter(String key) {
            String value = text(key).trim();
            if (value.isEmpty()) {
                throw new IllegalArgumentException("an empty line " + key + " in a status file");
            }
            return value.charAt(0);
        }

        long bits(String key) {
            return Long.parseUnsignedLong(text(key).trim(), 16);
        }

        long bits(String key, long otherwise) {
            return values.containsKey(key) ? bits(key) : otherwise;
        }

        int[] ids(String key, int count) {
            StringTokenizer words = new StringTokenizer(text(key));
            int[] ids = new int[words.countTokens()];
            if (count >= 0 && ids.length != count) {
                throw new IllegalArgumentException("line " + key + " of a status file has " + ids.length + " ids");
            }
            for (int i = 0; i < ids.length; i++) {
                ids[i] = Integer.parseUnsignedInt(words.nextToken());
            }
            return ids;
        }
    }
}

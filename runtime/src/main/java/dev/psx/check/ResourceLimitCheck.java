package dev.psx.check;

import java.io.File;

/**
 * Limits that the drop itself sets and that the process exceeds already, or soon will. Setting them passes: the kernel looks at them
 * when the next page, file or second is asked for.
 */
final class ResourceLimitCheck implements Check {

    private static final String NAME = "resource-limit";
    private static final long KIB = 1024;
    private static final long MIB = KIB * KIB;

    /** With less left the JVM gets into trouble soon: threads, code, metadata. */
    private static final long SPARE_BYTES = 64 * MIB;

    private static final long SPARE_SECONDS = 60;
    private static final long TICKS_PER_SECOND = 100; // of /proc, on both architectures

    /** Fields of a stat file behind the name. */
    private static final int USER_TIME = 11;

    private static final int SYSTEM_TIME = 12;

    @Override
    public void run(Context context) {
        if (context.newLimits.isEmpty()) {
            return;
        }
        memory(context, "as", "VmSize", "address space");
        memory(context, "data", "VmData", "data");
        stack(context);
        time(context);
        size(context);
    }

    private static void memory(Context context, String limit, String line, String words) {
        long most = context.newLimit(limit);
        long used = used(context, line);
        if (most == Limits.INFINITY || most - used >= SPARE_BYTES) {
            return;
        }
        String what =
                "limit-" + limit + " is " + bytes(most) + "; " + who(context) + " has " + bytes(used) + " of " + words;
        String when =
                "memory is asked for, such as for heap, code or a thread: OutOfMemoryError, or the JVM ends itself";
        if (most <= used) {
            context.findings.breaks(NAME, what, when, raise(limit));
        } else {
            context.findings.hinders(NAME, what, "more than the rest is needed: " + when, raise(limit));
        }
    }

    private static void stack(Context context) {
        long most = context.newLimit("stack");
        long used = used(context, "VmStk");
        if (most != Limits.INFINITY && most < used) {
            context.findings.breaks(
                    NAME,
                    "limit-stack is " + bytes(most) + "; the first thread of " + who(context) + " has a stack of "
                            + bytes(used),
                    "that stack grows, or a program is started, which has no more either: SIGSEGV",
                    raise("stack"));
        }
    }

    private static void time(Context context) {
        long most = context.newLimit("cpu");
        long used = seconds(context.subject.processText("stat"));
        if (most == Limits.INFINITY || most - used >= SPARE_SECONDS) {
            return;
        }
        String when = most <= used ? "the drop is made" : (most - used) + " more seconds of it are used";
        context.findings.breaks(
                NAME,
                "limit-cpu is " + most + " s; " + who(context) + " has used " + used + " s of processor time",
                when + ": the kernel ends the process (SIGXCPU)",
                raise("cpu"));
    }

    private static void size(Context context) {
        long most = context.newLimit("fsize");
        if (most == Limits.INFINITY) {
            return;
        }
        String larger = largerFile(context, most);
        if (larger != null || most < MIB) {
            context.findings.breaks(
                    NAME,
                    "limit-fsize is " + bytes(most) + (larger == null ? "" : "; " + larger + " is open and as large"),
                    "a file is written beyond that: IOException \"File too large\" (EFBIG)",
                    raise("fsize"));
        }
    }

    private static String largerFile(Context context, long most) {
        for (OpenFile file : context.subject.openFiles()) {
            File outside = context.subject.outside(file.path).toFile();
            if (file.forWriting() && outside.isFile() && outside.length() >= Math.max(most, 1)) {
                return file.path;
            }
        }
        return null;
    }

    /** Whose figures these are: the JVM may not have been started yet. */
    private static String who(Context context) {
        return context.subject.running() ? "the process" : "this command's own JVM, by which this is judged,";
    }

    private static String raise(String limit) {
        return "raise limit-" + limit + ", or leave it out";
    }

    /** Returns what a line of the status file says, which is in kB. */
    private static long used(Context context, String name) {
        for (String line : context.subject.procText("status").split("\n")) {
            if (line.startsWith(name + ":")) {
                return Long.parseLong(line.substring(name.length() + 1).trim().split(" ")[0]) * KIB;
            }
        }
        return 0;
    }

    private static long seconds(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ");
        return fields.length <= SYSTEM_TIME
                ? 0
                : (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) / TICKS_PER_SECOND;
    }

    private static String bytes(long count) {
        return count < 10 * MIB ? count / KIB + " kB" : count / MIB + " MB";
    }
}

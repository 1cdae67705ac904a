package dev.psx.spi;

import dev.psx.Task;

/** Internal: tells what a task is for. */
public final class TaskKinds {

    /** PF_IO_WORKER, PF_USER_WORKER and PF_KTHREAD of the kernel's sched.h. User code cannot set them. */
    private static final int KERNEL_FLAGS = 0x10 | 0x4000 | 0x200000;

    /** PF_EXITING: the task will run no user code any more, but it may stay listed for a while, with the credentials it had. */
    private static final int EXITING = 0x4;

    /** How HotSpot's own threads are called, cut at the 15 bytes that the kernel keeps. */
    private static final String[] HOTSPOT = {
        "VM Thread",
        "VM Periodic Tas",
        "GC Thread",
        "GC task thread",
        "ParGC Thread",
        "G1 ",
        "Gang worker",
        "Concurrent Mark",
        "CMS ",
        "Shenandoah",
        "ZDirector",
        "ZDriver",
        "ZStat",
        "ZWorker",
        "ZUncommitter",
        "ZUnmapper",
        "ZPageAlloc",
        "XDirector",
        "XDriver",
        "XStat",
        "XWorker",
        "XUncommitter",
        "XUnmapper",
        "RuntimeWorker",
        "Safepoint Clean",
        "C1 Compiler",
        "C2 Compiler",
        "JVMCI ",
        "Sweeper thread",
        "Service Thread",
        "Monitor Deflati",
        "Notification Th",
        "Surrogate Locke",
        "StringDedup",
        "AsyncLog",
        "JFR "
    };

    private TaskKinds() {}

    /** Whether the flags of {@code /proc/PID/task/TID/stat} are those of a worker of the kernel. Names prove nothing. */
    public static boolean kernel(int flags) {
        return (flags & KERNEL_FLAGS) != 0;
    }

    /** Whether the flags are those of a task in exit, which no broadcast waits for. To judge by, read them before the status. */
    public static boolean exiting(int flags) {
        return (flags & EXITING) != 0;
    }

    /**
     * Returns the kind of a task.
     *
     * @param registered whether the thread table holds it
     * @param flags the ninth field of its stat file
     * @param comm its native name
     */
    public static Task.Kind of(boolean registered, int flags, String comm) {
        if (kernel(flags)) {
            return Task.Kind.KERNEL;
        }
        if (registered) {
            return Task.Kind.JAVA;
        }
        for (String name : HOTSPOT) {
            if (comm.startsWith(name)) {
                return Task.Kind.VM;
            }
        }
        return Task.Kind.NATIVE;
    }
}

package dev.psx.process;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/** The child as a process: session, group, terminal, limits, scheduling. */
final class ProcessSteps {

    private static final int NOFILE = 7;
    private static final int AT_FDCWD = -100;
    private static final int O_WRONLY_CLOEXEC = 0x8_0001;
    private static final int SIG_SETMASK = 2;
    private static final int SIGNAL_SET = 8;
    private static final int TIOCSCTTY = 0x540E;
    private static final int TIOCSPGRP = 0x5410;
    private static final int TIOCNOTTY = 0x5422;
    private static final int PR_SET_PDEATHSIG = 1;

    private static final String[] RESOURCES = {
        "CPU",
        "FSIZE",
        "DATA",
        "STACK",
        "CORE",
        "RSS",
        "NPROC",
        "NOFILE",
        "MEMLOCK",
        "AS",
        "LOCKS",
        "SIGPENDING",
        "MSGQUEUE",
        "NICE",
        "RTPRIO",
        "RTTIME"
    };

    private final LaunchSpec spec;
    private final Surroundings surroundings;
    private final ChildProgram program;

    ProcessSteps(LaunchSpec spec, Surroundings surroundings, ChildProgram program) {
        this.spec = spec;
        this.surroundings = surroundings;
        this.program = program;
    }

    void sessionAndGroup() {
        if (spec.setsid) {
            program.add(LaunchStep.SESSION, "setsid");
        }
        if (spec.pgid != null) {
            program.add(LaunchStep.PROCESS_GROUP, "setpgid", 0, spec.pgid);
        }
        if (spec.foreground != null) {
            foreground();
        }
    }

    /**
     * Late: who makes itself the foreground group from the background would be stopped by SIGTTOU; and one that a signal ends with a core
     * (SIGQUIT from the terminal) while it shares our memory writes all of that to a file, and before Linux 5.16 ends us, too.
     */
    void openSignals() {
        byte[] none = new byte[SIGNAL_SET];
        program.add(
                LaunchStep.SIGNAL_MASK,
                "rt_sigprocmask(SIG_SETMASK, [])",
                "rt_sigprocmask",
                SIG_SETMASK,
                none,
                0,
                SIGNAL_SET);
    }

    /** The call takes the address of the group's number; that of a new group only the child knows. */
    private void foreground() {
        ByteBuffer group = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
        boolean own = spec.pgid == null || spec.pgid == 0;
        ChildMemory.Place place =
                program.memory().put(group.putInt(own ? 0 : spec.pgid).array());
        if (own) {
            program.add(LaunchStep.FOREGROUND, "getpgid", 0);
            program.storingTo(place);
        }
        String shown = "ioctl(" + spec.foreground + ", TIOCSPGRP)";
        program.add(LaunchStep.FOREGROUND, shown, "ioctl", spec.foreground, TIOCSPGRP, place);
    }

    /** What needs privileges that the child may be about to lose. */
    void resources() {
        for (Map.Entry<Integer, long[]> limit : spec.limits.entrySet()) {
            if (limit.getKey() == NOFILE) {
                makeRoomForFiles(limit.getValue());
            } else {
                limit(limit.getKey(), limit.getValue());
            }
        }
        if (spec.nice != null) {
            program.add(
                    LaunchStep.NICE, "setpriority(PRIO_PROCESS, 0, " + spec.nice + ")", "setpriority", 0, 0, spec.nice);
        }
        if (spec.policy != null) {
            ByteBuffer parameter = ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putInt(spec.priority);
            String shown = "sched_setscheduler(0, SCHED_" + spec.policy + ", " + spec.priority + ")";
            program.add(LaunchStep.SCHEDULER, shown, "sched_setscheduler", 0, spec.policy.number(), parameter.array());
        }
        if (spec.oomScore != null) {
            writeOomScore();
        }
        if (spec.umask != null) {
            program.add(LaunchStep.UMASK, "umask(0" + Integer.toOctalString(spec.umask) + ")", "umask", spec.umask);
        }
    }

    /** What is higher than here is raised while that is allowed; what is lower must wait until the descriptors have got their numbers. */
    private void makeRoomForFiles(long[] wanted) {
        long[] now = surroundings.openFiles();
        if (Long.compareUnsigned(wanted[0], now[0]) > 0 || Long.compareUnsigned(wanted[1], now[1]) > 0) {
            limit(NOFILE, new long[] {higher(now[0], wanted[0]), higher(now[1], wanted[1])});
        }
    }

    private static long higher(long a, long b) {
        return Long.compareUnsigned(a, b) > 0 ? a : b;
    }

    void limitOfFiles() {
        long[] wanted = spec.limits.get(NOFILE);
        if (wanted != null) {
            limit(NOFILE, wanted);
        }
    }

    private void limit(int resource, long[] limit) {
        byte[] rlimit = ByteBuffer.allocate(2 * Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(limit[0])
                .putLong(limit[1])
                .array();
        String shown =
                "prlimit64(0, RLIMIT_" + RESOURCES[resource] + ", " + text(limit[0]) + ":" + text(limit[1]) + ")";
        program.add(LaunchStep.LIMITS, shown, "prlimit64", 0, resource, rlimit, 0);
    }

    private static String text(long value) {
        return value == -1 ? "infinity" : Long.toUnsignedString(value);
    }

    private void writeOomScore() {
        byte[] file = Texts.zeroTerminated("/proc/self/oom_score_adj");
        byte[] value = Texts.zeroTerminated(Integer.toString(spec.oomScore));
        ChildCall.Result opened = program.add(
                LaunchStep.OOM_SCORE,
                "openat(/proc/self/oom_score_adj)",
                "openat",
                AT_FDCWD,
                file,
                O_WRONLY_CLOEXEC,
                0);
        String shown = "write(/proc/self/oom_score_adj, " + spec.oomScore + ")";
        program.add(LaunchStep.OOM_SCORE, shown, "write", opened, value, value.length - 1);
        program.add(LaunchStep.OOM_SCORE, "close(/proc/self/oom_score_adj)", "close", opened);
    }

    /** The kernel forgets the signal when ids change, and sends none for a parent that was dead already. */
    void parentDeathSignal() {
        if (spec.pdeathsig == null) {
            return;
        }
        String shown = "prctl(PR_SET_PDEATHSIG, " + Signal.name(spec.pdeathsig) + ")";
        program.add(LaunchStep.PARENT_DEATH_SIGNAL, shown, "prctl", PR_SET_PDEATHSIG, spec.pdeathsig);
        if ((spec.cloned & Namespace.PID.mask()) == 0) { // there the parent has no number
            program.add(LaunchStep.PARENT_DEATH_SIGNAL, "getppid");
            program.expecting(surroundings.pid());
        }
    }

    void terminal() {
        if (spec.noctty) {
            program.add(LaunchStep.TERMINAL, "ioctl(0, TIOCNOTTY)", "ioctl", 0, TIOCNOTTY, 0);
        }
        if (spec.setctty != null) {
            String shown = "ioctl(" + spec.setctty + ", TIOCSCTTY, 1)";
            program.add(LaunchStep.TERMINAL, shown, "ioctl", spec.setctty, TIOCSCTTY, 1);
        }
    }
}

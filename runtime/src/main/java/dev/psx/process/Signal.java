package dev.psx.process;

/** The standard signals, in the order of their numbers on x86-64 and aarch64, see signal(7). */
public enum Signal {
    /** Hangup. */
    HUP,
    /** Interrupt from the keyboard. */
    INT,
    /** Quit from the keyboard. */
    QUIT,
    /** Illegal instruction. */
    ILL,
    /** Trap. */
    TRAP,
    /** abort(3). */
    ABRT,
    /** Bad memory access. */
    BUS,
    /** Arithmetic error. */
    FPE,
    /** Ends the process; cannot be caught. */
    KILL,
    /** For the application. */
    USR1,
    /** Invalid memory reference. */
    SEGV,
    /** For the application. */
    USR2,
    /** A pipe that nobody reads. */
    PIPE,
    /** alarm(2). */
    ALRM,
    /** Asks the process to end. */
    TERM,
    /** Unused. */
    STKFLT,
    /** A child has ended or stopped. */
    CHLD,
    /** Continues a stopped process. */
    CONT,
    /** Stops the process; cannot be caught. */
    STOP,
    /** Stop from the keyboard. */
    TSTP,
    /** Terminal input for a background process. */
    TTIN,
    /** Terminal output of a background process. */
    TTOU,
    /** Urgent data on a socket. */
    URG,
    /** Limit of processor time. */
    XCPU,
    /** Limit of the file size. */
    XFSZ,
    /** Virtual timer. */
    VTALRM,
    /** Profiling timer. */
    PROF,
    /** The window's size has changed. */
    WINCH,
    /** Input or output is possible. */
    IO,
    /** Power failure. */
    PWR,
    /** Bad system call; what a seccomp filter sends. */
    SYS;

    /** The largest real-time signal. */
    static final int LARGEST = 64;

    private static final Signal[] ALL = values();

    /**
     * Returns the kernel's number.
     *
     * @return 1 to 31
     */
    public int number() {
        return ordinal() + 1;
    }

    /**
     * Returns the name of a signal's number.
     *
     * @param number 1 to 64
     * @return such as {@code SIGTERM}, or {@code signal 40} for a real-time one
     */
    public static String name(int number) {
        return number >= 1 && number <= ALL.length ? "SIG" + ALL[number - 1].name() : "signal " + number;
    }

    /** Returns the number if it is a signal's. */
    static int require(int number) {
        if (number < 1 || number > LARGEST) {
            throw new IllegalArgumentException("there is no signal " + number + ": they go from 1 to " + LARGEST);
        }
        return number;
    }
}

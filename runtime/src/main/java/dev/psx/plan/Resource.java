package dev.psx.plan;

/** A resource limit, see getrlimit(2); in the order of the kernel's numbers. */
public enum Resource {
    /** Processor time in seconds. */
    CPU,
    /** Size of files in bytes. */
    FSIZE,
    /** Size of data in bytes. */
    DATA,
    /** Size of the first thread's stack in bytes. */
    STACK,
    /** Size of core dumps in bytes. */
    CORE,
    /** Without effect. */
    RSS,
    /** Tasks of the user, threads included. */
    NPROC,
    /** Open descriptors. */
    NOFILE,
    /** Locked memory in bytes. */
    MEMLOCK,
    /** Address space in bytes. */
    AS,
    /** Without effect. */
    LOCKS,
    /** Queued signals of the user. A broadcast needs one for each task. */
    SIGPENDING,
    /** Bytes in message queues of the user. */
    MSGQUEUE,
    /** Lowest nice value, as 20 minus it. */
    NICE,
    /** Highest real-time priority. */
    RTPRIO,
    /** Time at a real-time priority in microseconds. */
    RTTIME;

    /** No limit. */
    public static final long INFINITY = -1;

    /**
     * Returns the kernel's number.
     *
     * @return the number, such as 7 for {@link #NOFILE}
     */
    public int number() {
        return ordinal();
    }
}

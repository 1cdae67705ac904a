package dev.psx.agent.apps;

/** The JNI functions of storm.c: tasks that look at their own effective uid, and raw tasks that come and go. */
final class Storm {

    static {
        System.load(System.getProperty("psx.fixture"));
    }

    private Storm() {}

    /** Starts threads that make raw tasks, and threads that look at their own uid all the time. */
    static native int start(int makers, int lookers);

    static native void setPause(int micros);

    /** Broadcast {@code number} begins, which makes the effective uid 0 or, if the number is odd, 65534. */
    static native void begin(long number);

    static native void end(long number);

    /** The calling task looks at its own uid. */
    static native void probe();

    static native long probes();

    /** How many looks have found a uid that no task may have had at that moment any more. */
    static native long faults();

    static native long rawBorn();
}

package dev.psx.agent.apps;

/** The JNI functions of deviants.c. */
final class Deviants {

    /** What a seccomp filter can answer. */
    static final int GIVE_EPERM = 0x00050001;

    static final int KILL_THREAD = 0;

    static {
        System.load(System.getProperty("psx.fixture"));
    }

    private Deviants() {}

    static native long startFiltered(int nr, int action);

    static native long startDeaf();

    static native long becomeDeaf();

    static native long startKernelBound();

    static native long awaitKernelCall();

    static native long map(String path, int bytes);

    static native int startBeats(long address, int count, int sleepMicros);

    static native int rawSleep(int millis);
}

package dev.psx.agent.apps;

/** The JNI functions of fixture.c. */
final class Fixture {

    static final int BUSY = 1;
    static final int DETACHED = 2;
    static final int AFFINITY = 4;
    static final int ATTACHED = 8;

    static {
        System.load(System.getProperty("psx.fixture"));
    }

    private Fixture() {}

    static native int startNative(int count, int kind);

    static native int startRaw(int count, boolean blocked);

    static native void startChurn(int count);

    static native long stopChurn();

    static native void setChurnPause(int micros);

    static native long syscall(long number, long a1, long a2, long a3);

    static native int seteuid(int uid);

    static native int eventfd();

    static native long readCounter(int fd);

    static native void endFirstTask();

    static native long one();

    static native long allowAll();

    static native long refuse(long number);
}

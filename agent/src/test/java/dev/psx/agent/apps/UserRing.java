package dev.psx.agent.apps;

/** The JNI functions of ring.c: one io_uring ring. */
final class UserRing {

    static final int SQPOLL = 2;
    static final int SINGLE_ISSUER = 1 << 12;

    static {
        System.load(System.getProperty("psx.fixture"));
    }

    private UserRing() {}

    static native long open(int flags);

    static native long adopt(int flags, String name);

    static native long registerPersonality();

    static native long tryOpen(String name, int personality);

    static native long close();
}

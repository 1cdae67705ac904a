package dev.psx.agent.apps;

/** The JNI functions of insiders.c. */
final class Insiders {

    static {
        System.load(System.getProperty("psx.fixture"));
    }

    private Insiders() {}

    static native int wayOut(String name);

    static native int directories();

    static native long open(String name, int flags);

    /** @param root the directory that becomes the thread's root, or null */
    static native long ownFs(String root);

    static native long ownFsPair();

    static native long unshareFs();

    /** @param path where the thread sees another directory than all others */
    static native long ownMounts(String path);

    static native long sharer();

    static native long addKey();

    static native long readKey(long key);

    static native long newSession();

    static native long fillKeys(int uid);
}

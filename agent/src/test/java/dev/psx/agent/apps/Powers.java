package dev.psx.agent.apps;

/** The JNI functions of powers.c: descriptors that let whoever has them do what takes a privilege to begin. */
final class Powers {

    static {
        System.load(System.getProperty("psx.fixture"));
    }

    private Powers() {}

    /** Returns a descriptor. */
    static native long open(String kind, String argument);

    /** Returns what shows that it works; what that is depends on the kind. */
    static native long use(String kind, int descriptor);

    static native long close(int descriptor);

    /** Makes a directory the root directory of the process. */
    static native long enter(String root);
}

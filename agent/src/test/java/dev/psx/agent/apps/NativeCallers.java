package dev.psx.agent.apps;

/** The JNI functions of callers.c. */
final class NativeCallers {

    static {
        System.load(System.getProperty("psx.fixture"));
    }

    private NativeCallers() {}

    static native int runAttached(Runnable runnable, boolean daemon);

    static native void runBelowNativeFrame(Runnable runnable);

    static native int startAgentThread(Thread thread, Runnable runnable);

    static native int startAttachLoops(int count);

    static native long attachments();

    static native void stopAttachLoops();
}

package dev.psx.engine;

/** What became of an attempt to load a native library, as something that tells its reader what to do. */
final class NativeAccess {

    /** Came with Java 9; JDK 24 and newer throw it with --illegal-native-access=deny. */
    private static final String DENIED = "java.lang.IllegalCallerException";

    private NativeAccess() {}

    /** Returns the exception to throw for what System.load has thrown in one of our classes. */
    static RuntimeException explain(RuntimeException thrown) {
        return thrown.getClass().getName().equals(DENIED) ? denied(thrown) : thrown;
    }

    /** Returns the exception to throw for a failure of JNA's initialisation. */
    static IllegalStateException explainJna(LinkageError thrown) {
        Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
        if (cause.getClass().getName().equals(DENIED)) {
            return denied(cause);
        }
        return new IllegalStateException(
                "JNA cannot be initialised, so there is no way to call the native library: " + cause, thrown);
    }

    private static IllegalStateException denied(Throwable cause) {
        String modules = cause.getMessage().contains("unnamed module") ? "ALL-UNNAMED" : "dev.psx.runtime,com.sun.jna";
        return new IllegalStateException(
                "the JVM denies native access (--illegal-native-access=deny): start it with --enable-native-access="
                        + modules + " (" + cause.getMessage() + ")",
                cause);
    }
}

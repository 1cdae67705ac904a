package dev.psx.check;

/** One descriptor of the JVM that leads to a file with a name. */
final class OpenFile {

    private static final int ACCESS_MODE = 3;
    private static final int WRITE_ONLY = 1;

    final int descriptor;
    final String path;
    private final int flags;

    OpenFile(int descriptor, String path, int flags) {
        this.descriptor = descriptor;
        this.path = path;
        this.flags = flags;
    }

    boolean forWriting() {
        return (flags & ACCESS_MODE) != 0;
    }

    boolean forReading() {
        return (flags & ACCESS_MODE) != WRITE_ONLY;
    }
}

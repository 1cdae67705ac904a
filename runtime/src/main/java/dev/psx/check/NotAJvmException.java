package dev.psx.check;

import java.io.IOException;

/** Internal: the process has not loaded a HotSpot JVM. */
public final class NotAJvmException extends IOException {

    private static final long serialVersionUID = 1;

    NotAJvmException(String message) {
        super(message);
    }
}

package dev.psx.engine;

import com.sun.jna.Pointer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** C strings. The encoding is always UTF-8, whatever the locale and {@code jna.encoding} say. */
final class NativeText {

    private NativeText() {}

    /** Returns the characters with a zero behind them; JNA passes an array by address. */
    static byte[] zeroTerminated(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a name contains the character 0");
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    /** Reads up to the zero. */
    static String read(Pointer string) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (long i = 0; string.getByte(i) != 0; i++) {
            bytes.write(string.getByte(i));
        }
        return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
    }
}

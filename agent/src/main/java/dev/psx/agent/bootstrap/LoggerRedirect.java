package dev.psx.agent.bootstrap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Has a class log somewhere else. JNA uses java.util.logging in its static initialisers; in an agent that would initialise the
 * log manager before the application could choose one (WildFly does so in its {@code main}), and cost 8 ms.
 *
 * <p>Names of classes stand in the constant pool only, as text, so a class file is changed by copying it with another text.
 */
final class LoggerRedirect {

    /** The beginning of Logger's and Level's names, and that of their substitutes'. */
    private static final String FROM = "java/util/logging/L";

    private static final String TO = "dev/psx/engine/JnaL";

    private static final int FIRST_CONSTANT = 10; // behind magic, version and count
    private static final int TEXT = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;

    /** The sizes of constants by their tags; a text's is in the file. 0: no such tag. */
    private static final int[] SIZES = {0, 0, 0, 4, 4, 8, 8, 2, 2, 4, 4, 4, 4, 0, 0, 3, 2, 4, 4, 2, 2};

    private final byte[] file;
    private final ByteArrayOutputStream changed;
    private int copied;

    private LoggerRedirect(byte[] file) {
        this.file = file;
        changed = new ByteArrayOutputStream(file.length + FROM.length());
    }

    /** Whether the class is one of those that are to log elsewhere. */
    static boolean concerns(String className) {
        return className.startsWith("com.sun.jna.");
    }

    /**
     * Returns the class file with the names of the one logger and its levels replaced by those of the other.
     *
     * @throws IOException if it is no class file
     */
    static byte[] apply(byte[] classFile) throws IOException {
        try {
            return new LoggerRedirect(classFile).apply();
        } catch (IndexOutOfBoundsException e) {
            throw new IOException("no class file", e);
        }
    }

    private byte[] apply() {
        int count = unsignedShort(FIRST_CONSTANT - 2);
        int at = FIRST_CONSTANT;
        for (int i = 1; i < count; i++) {
            int tag = file[at++];
            if (tag == TEXT) {
                int length = unsignedShort(at);
                if (length >= FROM.length() && mayNameAClass(file[at + 2])) {
                    replace(at, length);
                }
                at += 2 + length;
            } else {
                at += SIZES[tag];
            }
            if (tag == LONG || tag == DOUBLE) {
                i++; // these count twice
            }
        }
        changed.write(file, copied, file.length - copied);
        return changed.toByteArray();
    }

    /** The name itself, a field's type or a method's. Nearly all other texts are passed over unread. */
    private static boolean mayNameAClass(byte first) {
        return first == 'j' || first == 'L' || first == '(';
    }

    private void replace(int at, int length) {
        String text = new String(file, at + 2, length, StandardCharsets.ISO_8859_1);
        if (text.contains(FROM)) {
            byte[] bytes = text.replace(FROM, TO).getBytes(StandardCharsets.ISO_8859_1);
            changed.write(file, copied, at - copied);
            changed.write(bytes.length >> 8);
            changed.write(bytes.length);
            changed.write(bytes, 0, bytes.length);
            copied = at + 2 + length;
        }
    }

    private int unsignedShort(int at) {
        return (file[at] & 0xff) << 8 | file[at + 1] & 0xff;
    }
}

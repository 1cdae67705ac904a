package dev.psx.process;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What is passed to the kernel as a C string: in the encoding that the JVM has for file names; a text that it cannot express in UTF-8.
 */
final class Texts {

    private static final Charset NATIVE = nativeCharset();

    private Texts() {}

    private static Charset nativeCharset() {
        String name = System.getProperty("sun.jnu.encoding", "");
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            return Charset.defaultCharset();
        }
    }

    static byte[] zeroTerminated(String text) {
        byte[] bytes = NATIVE.equals(StandardCharsets.UTF_8) ? text.getBytes(StandardCharsets.UTF_8) : encoded(text);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    static byte[][] zeroTerminated(List<String> texts) {
        byte[][] strings = new byte[texts.size()][];
        for (int i = 0; i < strings.length; i++) {
            strings[i] = zeroTerminated(texts.get(i));
        }
        return strings;
    }

    private static byte[] encoded(String text) {
        try {
            ByteBuffer bytes = NATIVE.newEncoder()
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            return Arrays.copyOf(bytes.array(), bytes.limit());
        } catch (CharacterCodingException e) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Returns the name if it can be an environment variable's. */
    static String variableName(String name) {
        Objects.requireNonNull(name, "the name of an environment variable");
        if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw new IllegalArgumentException(
                    "an environment variable cannot be called \"" + name + "\": its name ends at the first =");
        }
        return noNul("name of an environment variable", name);
    }

    /** Returns the text if it can be a C string. */
    static String noNul(String what, String text) {
        if (Objects.requireNonNull(text, what).indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the " + what + " \"" + text.replace("\0", "\\0")
                    + "\" contains the character 0, at which C would end it");
        }
        return text;
    }
}

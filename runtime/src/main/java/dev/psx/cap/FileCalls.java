package dev.psx.cap;

import dev.psx.spi.Access;
import dev.psx.spi.Errno;
import dev.psx.spi.Failures;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.Paths;

/** The system calls for the attribute of a file, named by a path or a descriptor. */
final class FileCalls {

    private static final String ATTRIBUTE = "security.capability";
    private static final byte[] NAME = zeroTerminated(ATTRIBUTE.getBytes(StandardCharsets.US_ASCII));

    private FileCalls() {}

    static Program get(Path file) {
        byte[] value = new byte[FileFormat.LARGEST];
        return call("getxattr", file, file(file), NAME, value, value.length);
    }

    static Program get(int descriptor) {
        byte[] value = new byte[FileFormat.LARGEST];
        return call("fgetxattr", descriptor, descriptor, NAME, value, value.length);
    }

    /** Returns which argument in memory is the value: the last one. */
    static int valueBlob(Program get) {
        return get.blobs().length - 1;
    }

    static Program set(Path file, byte[] value) {
        Program call = call("lsetxattr", file, file(file), NAME, value, value.length, 0);
        return regular(call, Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !isRegular(file));
    }

    static Program set(int descriptor, byte[] value) {
        Program call = call("fsetxattr", descriptor, descriptor, NAME, value, value.length, 0);
        return regular(call, isOther(descriptor));
    }

    static Program remove(Path file) {
        Program call = call("lremovexattr", file, file(file), NAME);
        return regular(call, Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !isRegular(file));
    }

    static Program remove(int descriptor) {
        return regular(call("fremovexattr", descriptor, descriptor, NAME), isOther(descriptor));
    }

    static void run(Program call) {
        Access.call(port -> OwnCall.require(port, call));
    }

    /** Returns the result of a call that must have succeeded. */
    static long require(Program call, long result) {
        if (Errno.isError(result)) {
            throw Failures.callFailed(call, 0, result);
        }
        return result;
    }

    private static Program call(String name, Object shown, Object... arguments) {
        return new Program().addShown(name + "(" + shown + ", " + ATTRIBUTE + ")", name, arguments);
    }

    /** The kernel would take the attribute for anything, and never look at it. */
    private static Program regular(Program call, boolean other) {
        require(call, other ? -Errno.EINVAL : 0);
        return call;
    }

    private static boolean isRegular(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isOther(int descriptor) {
        Path open = Paths.get("/proc/self/fd", Integer.toString(descriptor));
        return Files.exists(open) && !Files.isRegularFile(open);
    }

    /** A path may have bytes that no charset of the JVM can show; its URI keeps them. */
    private static byte[] file(Path file) {
        if (file.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException("only files of the default file system have capabilities: " + file);
        }
        String path = file.toUri().getRawPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < path.length(); i++) {
            boolean escape = path.charAt(i) == '%';
            bytes.write(escape ? Integer.parseInt(path.substring(i + 1, i + 3), 16) : path.charAt(i));
            i += escape ? 2 : 0;
        }
        return zeroTerminated(bytes.toByteArray());
    }

    private static byte[] zeroTerminated(byte[] text) {
        byte[] terminated = new byte[text.length + 1];
        System.arraycopy(text, 0, terminated, 0, text.length);
        return terminated;
    }
}

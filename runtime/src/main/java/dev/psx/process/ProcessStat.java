package dev.psx.process;

import dev.psx.spi.Errno;
import java.nio.charset.StandardCharsets;

/** What the stat file of a process says that tells it from a later one with its id. */
final class ProcessStat {

    private static final int STATE = 0;
    private static final int START_TIME = 19;

    /** Both files are shorter up to what is looked for. */
    private static final int ENOUGH = 4096;

    private final String[] fields;

    private ProcessStat(String[] fields) {
        this.fields = fields;
    }

    /**
     * Returns null if there is no such process. The name in front of the fields may hold anything.
     *
     * @throws dev.psx.ErrnoException if that cannot be told, such as with EMFILE
     */
    static ProcessStat of(Kernel kernel, int pid) {
        String text = read(kernel, pid, "stat");
        return text == null
                ? null
                : new ProcessStat(text.substring(text.lastIndexOf(')') + 2).split(" "));
    }

    /** Whether the id is that of a thread which is not its process's first one. */
    static boolean isThread(Kernel kernel, int pid) {
        String status = read(kernel, pid, "status");
        return status != null && !status.contains("\nTgid:\t" + pid + "\n");
    }

    private static String read(Kernel kernel, int pid, String name) {
        int descriptor = (int) kernel.open("/proc/" + pid + "/" + name, Kernel.O_RDONLY);
        if (isGone(descriptor)) {
            return null;
        }
        if (descriptor < 0) {
            throw PidFd.failed("openat", -descriptor, pid);
        }
        byte[] text = new byte[ENOUGH];
        int size = kernel.read(descriptor, text, 0, text.length);
        kernel.close(descriptor);
        if (size < 0 && !isGone(size)) {
            throw PidFd.failed("read", -size, pid);
        }
        return size <= 0 ? null : new String(text, 0, size, StandardCharsets.ISO_8859_1);
    }

    private static boolean isGone(int result) {
        return result == -Errno.ENOENT || result == -Errno.ESRCH;
    }

    /** In clock ticks since the system's start. */
    String startTime() {
        return fields[START_TIME];
    }

    boolean hasEnded() {
        return fields[STATE].equals("Z") || fields[STATE].equals("X");
    }
}

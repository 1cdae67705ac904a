package dev.psx.check;

import dev.psx.spi.Errno;
import dev.psx.spi.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** A disposable process as the JVM will be after the drop. Each question makes a new one; none leaves anything behind. */
final class DroppedProcess {

    static final int READ = 4;
    static final int WRITE = 2;
    static final int SEARCH = 1;

    private static final int AT_FDCWD = -100;
    private static final int AT_EACCESS = 0x200;
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 02000000;
    private static final int O_TMPFILE_BIT = 020000000;
    private static final int O_DIRECTORY = "aarch64".equals(System.getProperty("os.arch")) ? 040000 : 0200000;

    private static final int EISDIR = 21;
    private static final int EOPNOTSUPP = 95;

    private static final int STATFS_SIZE = 120;
    private static final int STATFS_FLAGS = 80;
    private static final long ST_NOEXEC = 8;
    private static final int RLIMIT_SIZE = 16;
    private static final int PR_GET_DUMPABLE = 3;
    private static final int CAPABILITY_VERSION_3 = 0x20080522;
    private static final int CAPABILITY_DATA = 24;

    // what each of the first questions is about, after the user
    private static final int DUMPABLE = 1;
    private static final int LIMIT = 2;
    private static final int CAPABILITIES = 3;

    private final Questions questions;
    private final Questions.Answer state;

    /**
     * Makes the drop once.
     *
     * @throws dev.psx.ErrnoException if a call of it fails
     * @throws IllegalStateException if the engine cannot make the process
     */
    DroppedProcess(Function<Object[], Object> port, Program program) {
        this.questions = new Questions(port, program);
        this.state = questions.ask(stateProbes());
    }

    int uid() {
        return (int) state.results[0];
    }

    /** Returns 0, or the errno that keeps the process from using the path in this way. */
    int access(String path, int mode) {
        return access(Collections.singletonList(path), mode)[0];
    }

    int[] access(List<String> paths, int mode) {
        if (paths.isEmpty()) {
            return new int[0];
        }
        Program probes = new Program();
        for (String path : paths) {
            probes.addShown("faccessat2", "faccessat2", AT_FDCWD, bytes(path), mode, AT_EACCESS);
        }
        int[] errors = errors(questions.ask(probes).results);
        return lacks(errors) ? accessAsRealUser(paths, mode) : errors;
    }

    /** A container's filter may say EPERM for what it does not know; for a file that is an answer as well, and a rare one. */
    private static boolean lacks(int[] errors) {
        for (int error : errors) {
            if (error == Errno.ENOSYS || error == Errno.EPERM) {
                return true;
            }
        }
        return false;
    }

    /** Before Linux 5.8. The real user is the effective one after a drop; only capabilities that are kept would count less. */
    private int[] accessAsRealUser(List<String> paths, int mode) {
        Program probes = new Program();
        for (String path : paths) {
            probes.addShown("faccessat", "faccessat", AT_FDCWD, bytes(path), mode);
        }
        return errors(questions.ask(probes).results);
    }

    /** Makes a file without a name in the directory. Returns 0, or the errno of the failure. */
    int createIn(String directory) {
        int flags = O_TMPFILE_BIT | O_DIRECTORY | O_RDWR | O_CLOEXEC;
        Program probes = new Program().addShown("openat", "openat", AT_FDCWD, bytes(directory), flags, 0600);
        int error = errors(questions.ask(probes).results)[0];
        boolean unknown = error == EOPNOTSUPP || error == EISDIR || error == Errno.EINVAL;
        return unknown ? access(directory, WRITE | SEARCH) : error;
    }

    /** Whether nothing may be executed, or mapped as code, from the file system that holds the path. */
    boolean noExec(String path) {
        Program probes = new Program().addShown("statfs", "statfs", bytes(path), new byte[STATFS_SIZE]);
        Questions.Answer answer = questions.ask(probes);
        return answer.results[0] == 0 && (answer.words(1).getLong(STATFS_FLAGS) & ST_NOEXEC) != 0;
    }

    /** Returns the soft limit of tasks that the process has after the drop. */
    long softTaskLimit() {
        return state.results[LIMIT] == 0 ? state.words(0).getLong(0) : -1;
    }

    /** Returns what PR_GET_DUMPABLE says. */
    int dumpable() {
        return (int) state.results[DUMPABLE];
    }

    /** Whether it has a capability, effective. */
    boolean has(int capability) {
        // the lower halves of the three sets come first, the effective one before the others
        int half = state.words(2).getInt(capability < Integer.SIZE ? 0 : CAPABILITY_DATA / 2);
        return state.results[CAPABILITIES] == 0 && (half >>> capability & 1) != 0;
    }

    private static Program stateProbes() {
        byte[] header = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(CAPABILITY_VERSION_3)
                .array();
        return new Program()
                .add("geteuid")
                .add("prctl", PR_GET_DUMPABLE)
                .addShown("prlimit64", "prlimit64", 0, Limits.NPROC, 0, new byte[RLIMIT_SIZE])
                .addShown("capget", "capget", header, new byte[CAPABILITY_DATA]);
    }

    private static byte[] bytes(String path) {
        byte[] text = path.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(text, text.length + 1);
    }

    private static int[] errors(long[] results) {
        int[] errors = new int[results.length];
        for (int i = 0; i < errors.length; i++) {
            errors[i] = Errno.isError(results[i]) ? (int) -results[i] : 0;
        }
        return errors;
    }
}

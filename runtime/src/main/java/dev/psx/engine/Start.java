package dev.psx.engine;

import dev.psx.spi.Errno;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import org.slf4j.LoggerFactory;

/** The way from a loaded library to a working engine. */
final class Start {

    private static final Path STATUS = Paths.get("/proc/self/status");

    private static final int EXDEV = 18;
    private static final int EALREADY = 114;
    private static final int DEFAULT_CAPACITY = 0;

    private Start() {}

    /**
     * Returns this process's effective uid; asked of /proc because no native library is loaded yet. Reads the one line itself:
     * StatusFile uses streams, whose first use costs 9 ms of start-up.
     */
    static int effectiveUser() {
        try (BufferedReader status = Files.newBufferedReader(STATUS, StandardCharsets.ISO_8859_1)) {
            for (String line = status.readLine(); line != null; line = status.readLine()) {
                if (line.startsWith("Uid:")) {
                    return Integer.parseUnsignedInt(line.split("\t")[2]);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(
                    "/proc is not mounted, or hidden from this process: mount it (mount -t proc proc /proc)", e);
        }
        throw new IllegalStateException(STATUS + " names no user: is that the /proc of a Linux kernel?");
    }

    static void run(EngineLibrary engine, Libc libc) {
        if (engine.abi() != EngineLibrary.ABI) {
            throw new IllegalStateException("libpsx-engine.so has ABI " + engine.abi() + ", not " + EngineLibrary.ABI
                    + ": remove the one in -D" + NativeFiles.DIRECTORY + ", or put the one of this version there");
        }
        long result = engine.start(libc.engineSignal(), DEFAULT_CAPACITY);
        if (result < 0) {
            throw new IllegalStateException(reason((int) -result));
        }
        registerThreads(engine, libc);
    }

    /** Without registration everything else works: it is worth a warning, not more. */
    private static void registerThreads(EngineLibrary engine, Libc libc) {
        // JDK 17 and older list the field with the derived class
        long[] offsets =
                new HotSpot(libc).offsets("OSThread::_thread_id", "Thread::_osthread", "JavaThread::_osthread");
        long result = engine.registerThreads(Math.max(offsets[1], offsets[2]), offsets[0]);
        if (result < 0) {
            LoggerFactory.getLogger(Start.class)
                    .warn(
                            "Java threads cannot be told from native ones: this JVM offers no thread events ({})",
                            Errno.name((int) -result));
        }
    }

    private static String reason(int errno) {
        if (errno == EXDEV) {
            return "/proc belongs to another pid namespace, so it does not list the tasks of this process:"
                    + " mount the right one (mount -t proc proc /proc in the container)";
        }
        if (errno == EALREADY) {
            return "another copy of psx is at work in this process and this one cannot reach it:"
                    + " keep one psx-runtime for all class loaders, or only the agent";
        }
        return "the engine cannot be started: " + Errno.name(errno) + " (" + Errno.describe(errno) + ")" + hint(errno);
    }

    private static String hint(int errno) {
        switch (Errno.name(errno)) {
            case "ENOENT":
                return "; is /proc mounted?";
            case "EACCES":
                return "; /proc/self/task must be readable: start the engine before privileges are dropped";
            case "EMFILE":
            case "ENFILE":
                return "; too many files are open: raise the limit (ulimit -n)";
            case "ENOMEM":
                return "; raise the limit of address space (ulimit -v) or of memory";
            case "ENOSYS":
            case "EPERM":
                return "; a seccomp filter or the kernel refuses a system call that it needs, such as memfd_create";
            default:
                return "";
        }
    }
}

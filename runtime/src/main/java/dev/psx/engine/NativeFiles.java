package dev.psx.engine;

import com.sun.jna.NativeLibrary;
import dev.psx.spi.TrustedPath;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Loads the engine's and JNA's libraries. A process that runs as root must not load a file that somebody else could have put
 * there; a hardened system offers few places from which code may be mapped at all.
 */
final class NativeFiles {

    /** The operator's choice of a directory. */
    static final String DIRECTORY = "dev.psx.native.dir";

    private static final String ENGINE = "libpsx-engine.so";
    private static final String JNA = "libjnidispatch.so";
    private static final String ISOLATED_LOADER = "dev.psx.agent.bootstrap.IsolatedLoader";

    private final String architecture = Architecture.directory();
    private final ClassLoader loader = NativeFiles.class.getClassLoader();
    private final TrustedPath trust;

    NativeFiles(int euid) {
        trust = new TrustedPath(euid);
    }

    /**
     * Loads both libraries and returns the engine's.
     *
     * @throws IllegalStateException which says why no directory would do, and what to do about it
     */
    NativeLibrary load() {
        String chosen = System.getProperty(DIRECTORY, "");
        if (!chosen.isEmpty()) {
            return tryAll(Collections.singleton(chosen), true);
        }
        return tryAll(candidates(), false);
    }

    private NativeLibrary tryAll(Set<String> directories, boolean chosen) {
        StringBuilder failures = new StringBuilder();
        for (String directory : directories) {
            try {
                return tryDirectory(directory, chosen);
            } catch (IOException | InvalidPathException e) {
                failures.append(directory).append(": ").append(reason(e)).append("; ");
            }
        }
        throw new IllegalStateException("the native library cannot be loaded from "
                + (chosen ? "the directory given by -D" + DIRECTORY : "any directory") + " (" + failures
                + "remedy: -D" + DIRECTORY + "=DIR with a directory on a file system that is not mounted noexec,"
                + " where nobody but root and this process's user may write, nor to any directory above it)");
    }

    private static Set<String> candidates() {
        Set<String> directories = new LinkedHashSet<>();
        directories.add(System.getProperty("java.io.tmpdir"));
        directories.add("/run");
        directories.add("/dev/shm");
        directories.add("/var/tmp");
        directories.add(System.getenv("XDG_RUNTIME_DIR"));
        directories.add(System.getProperty("user.home") + "/.cache");
        directories.add(System.getProperty("user.dir"));
        directories.remove(null);
        return directories;
    }

    private NativeLibrary tryDirectory(String directory, boolean chosen) throws IOException {
        Path path = Paths.get(directory);
        if (!path.isAbsolute()) {
            throw new IOException("not an absolute path");
        }
        try (Staging staging = chosen ? Staging.in(path, trust) : Staging.below(path, trust)) {
            return load(staging);
        }
    }

    private NativeLibrary load(Staging staging) throws IOException {
        Path engine = staging.library(ENGINE, loader, "META-INF/psx/" + architecture + "/" + ENGINE);
        map(engine);
        JnaBoot boot = new JnaBoot(loader != null && loader.getClass().getName().equals(ISOLATED_LOADER));
        String resource = "com/sun/jna/" + architecture + "/" + JNA;
        ClassLoader jna = NativeLibrary.class.getClassLoader();
        if (!boot.wantsLibrary() || !Staging.exists(jna, resource)) {
            return boot.open(null, engine.toString());
        }
        Path dispatch = staging.library(JNA, jna, resource);
        return boot.open(dispatch.getParent().toString(), engine.toString());
    }

    /**
     * Maps the engine before JNA is touched: where this works JNA's library can be mapped too. JNA gets no second chance, a
     * class whose initialisation failed stays unusable.
     */
    private static void map(Path engine) throws IOException {
        try {
            System.load(engine.toString());
        } catch (UnsatisfiedLinkError e) {
            throw new IOException(linkReason(e.getMessage()), e);
        } catch (RuntimeException e) {
            throw NativeAccess.explain(e);
        }
    }

    /** The linker's message begins with the file's name, once or twice. */
    static String linkReason(String message) {
        String name = ENGINE + ": ";
        int last = message.lastIndexOf(name);
        String words = last < 0 ? message : message.substring(last + name.length());
        // the words of glibc and of musl for a mapping that the kernel refused
        boolean refused = words.contains("failed to map segment") || words.contains("Operation not permitted");
        return (refused ? "mounted noexec, or forbidden by a security module: " : "") + words;
    }

    private static String reason(Exception e) {
        if (e instanceof NoSuchFileException) {
            return "does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        String reason = e instanceof FileSystemException ? ((FileSystemException) e).getReason() : e.getMessage();
        return reason == null ? e.toString() : reason;
    }
}

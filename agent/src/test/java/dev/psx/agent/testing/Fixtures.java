package dev.psx.agent.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Compiles the C fixtures once per run of the tests. */
public final class Fixtures {

    private static final Path SOURCES = Path.of(System.getProperty("basedir", "."), "src/test/c");
    private static final Path TARGET = Path.of(System.getProperty("basedir", "."), "target/fixtures");

    private static Path library;
    private static Path launcher;
    private static Path actor;
    private static Path box;
    private static Path herald;
    private static Path hide;
    private static Path holder;
    private static Path uid;
    private static Path mainHerald;
    private static Path slowHerald;

    private Fixtures() {}

    /** The JNI library behind the native methods of {@code dev.psx.agent.apps}. */
    public static synchronized Path library() {
        if (library == null) {
            String include = "-I" + Path.of(System.getProperty("java.home"), "include");
            List<String> flags = new ArrayList<>(List.of("-shared", "-fPIC", include, include + "/linux"));
            for (String more : List.of(
                    "look.c",
                    "storm.c",
                    "callers.c",
                    "deviants.c",
                    "deny.c",
                    "execs.c",
                    "heralds.c",
                    "insiders.c",
                    "kernel_powers.c",
                    "powers.c",
                    "ring.c",
                    "warden.c")) {
                flags.add(SOURCES.resolve(more).toString());
            }
            library = compile("fixture.c", "libfixture.so", flags.toArray(new String[0]));
        }
        return library;
    }

    /** A program that listens on a port and then becomes another one, as systemd's socket activation does. */
    public static synchronized Path launcher() {
        if (launcher == null) {
            launcher = compile("launcher.c", "launcher");
        }
        return launcher;
    }

    /** A program whose tasks do what its arguments say, for looking at from outside. */
    public static synchronized Path actor() {
        if (actor == null) {
            actor = compile("actor.c", "actor");
        }
        return actor;
    }

    /** A program that makes a world such as containers are, and becomes another one in there. */
    public static synchronized Path box() {
        if (box == null) {
            box = compile("box.c", "box");
        }
        return box;
    }

    /** A program that says who it is and when it began, which is at once. */
    public static synchronized Path herald() {
        if (herald == null) {
            herald = freestanding("herald");
        }
        return herald;
    }

    /** A program that hides a system call from another. */
    public static synchronized Path hide() {
        if (hide == null) {
            hide = compile("hide.c", "hide");
        }
        return hide;
    }

    /** A program that holds a task, or a file that shall be executed. */
    public static synchronized Path holder() {
        if (holder == null) {
            holder = compile("holder.c", "holder");
        }
        return holder;
    }

    /** A program that says with which uids it runs. */
    public static synchronized Path uid() {
        if (uid == null) {
            uid = freestanding("uid");
        }
        return uid;
    }

    private static Path freestanding(String name) {
        return compile(name + ".c", name, "-static", "-nostdlib", "-ffreestanding", "-fno-stack-protector");
    }

    /** The same as most programs are, with libraries to be linked before its main function. */
    public static synchronized Path mainHerald() {
        if (mainHerald == null) {
            mainHerald = compile("herald.c", "herald-main", "-DWITH_MAIN");
        }
        return mainHerald;
    }

    /** The same for which the dynamic linker takes tens of milliseconds: it looks for the libc in thousands of places. */
    public static synchronized Path slowHerald() {
        if (slowHerald == null) {
            String places =
                    IntStream.range(0, 1000).mapToObj(i -> "/nowhere/" + i).collect(Collectors.joining(":"));
            slowHerald = compile("herald.c", "herald-slow", "-DWITH_MAIN", "-Wl,-rpath," + places);
        }
        return slowHerald;
    }

    private static Path compile(String source, String result, String... flags) {
        try {
            Files.createDirectories(TARGET);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path output = TARGET.resolve(result).toAbsolutePath().normalize();
        List<String> command = new ArrayList<>(List.of("gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror"));
        command.addAll(List.of(flags));
        command.addAll(List.of("-o", output.toString(), SOURCES.resolve(source).toString(), "-lpthread"));
        try (Child gcc = Child.run(command)) {
            if (gcc.exitCode() != 0) {
                throw new IllegalStateException("gcc failed" + gcc.transcript());
            }
        }
        return Stage.copyOf(output);
    }
}

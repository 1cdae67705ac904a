package dev.psx.agent.apps;

import dev.psx.ErrnoException;
import dev.psx.process.Exec;
import dev.psx.spi.EnginePort;
import dev.psx.spi.OwnCall;
import dev.psx.spi.Program;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Tries to become another program in ways that fail, and says each time whether something is not as it was: {@code name = error change}. */
public final class ExecErrorsApp {

    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final int F_GETFD = 1;
    private static final int PR_GET_DUMPABLE = 3;
    private static final int LONGEST_ARGUMENT = 128 * 1024;
    private static final AtomicLong TURNS = new AtomicLong();

    private static Path directory;

    private ExecErrorsApp() {}

    public static void main(String[] arguments) throws Exception {
        directory = Path.of(arguments[0]);
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(ExecErrorsApp::turn, "turns-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        LaunchKernel.open("/dev/null", 0); // to be inherited
        LaunchKernel.open("/dev/null", 02000000);
        fails("missing", "/nowhere");
        fails("relative", "nowhere");
        fails("empty", "");
        fails("directory", "/usr");
        fails("below a file", "/etc/passwd/x");
        fails("not executable", file("plain", "rw-r--r--", "#!/bin/sh\n"));
        fails("no format", file("unknown", "rwxr-xr-x", "\0x"));
        fails("wrong architecture", file("foreign", "rwxr-xr-x", foreign()));
        fails("no interpreter", file("script", "rwxr-xr-x", "#!/nowhere\n"));
        fails(
                "loop",
                Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"))
                        .toString());
        fails("long name", "/" + "x".repeat(300));
        fails("long path", "/x".repeat(3000));
        fails("long argument", "/bin/true", List.of("true", "x".repeat(LONGEST_ARGUMENT)), Map.of());
        fails("long variable", "/bin/true", List.of("true"), Map.of("A", "x".repeat(LONGEST_ARGUMENT)));
        fails("closed descriptor", "/bin/true", List.of("true"), Map.of(), 999);
        fails("negative descriptor", "/bin/true", List.of("true"), Map.of(), -1);
        fails("nul in path", "/bin/true\0");
        fails("nul in argument", "/bin/true", List.of("true", "a\0b"), Map.of());
        fails("nul in name", "/bin/true", List.of("true"), Map.of("a\0", "b"));
        fails("nul in value", "/bin/true", List.of("true"), Map.of("a", "\0"));
        fails("no arguments", "/bin/true", List.of(), Map.of());
        String busy = file("busy", "rwxr-xr-x", "#!/bin/true\n");
        OutputStream writer = Files.newOutputStream(Path.of(busy));
        fails("open for writing", busy);
        writer.close();
        System.out.println("done");
        System.exit(0);
    }

    private static void turn() {
        while (true) {
            TURNS.incrementAndGet();
            Thread.yield();
        }
    }

    private static String file(String name, String mode, String content) throws IOException {
        return file(name, mode, content.getBytes());
    }

    private static String file(String name, String mode, byte[] content) throws IOException {
        Path file = Files.write(directory.resolve(name), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode))
                .toString();
    }

    /** The head of an executable for a processor that this is not: number 243 is RISC-V's. */
    private static byte[] foreign() {
        return ByteBuffer.allocate(64)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1})
                .putShort(16, (short) 2)
                .putShort(18, (short) 243)
                .array();
    }

    private static void fails(String name, String path) throws IOException {
        fails(name, path, List.of("x"), Map.of());
    }

    private static void fails(
            String name, String path, List<String> arguments, Map<String, String> environment, int... kept)
            throws IOException {
        Map<String, String> before = state();
        String error;
        try {
            Exec.exec(path, arguments, environment, kept);
            error = "returned";
        } catch (ErrnoException e) {
            error = e.call() + " " + e.errnoName();
        } catch (IllegalArgumentException e) {
            error = "refused";
        }
        System.out.println(name + " = " + error + changes(before));
    }

    /** Tasks that were held leave their handler one by one, which the kernel shows: it must be as it was in the end. */
    private static String changes(Map<String, String> before) throws IOException {
        long until = System.nanoTime() + PATIENCE_NANOS;
        long turns = TURNS.get();
        Map<String, String> after = state();
        while ((!after.equals(before) || TURNS.get() == turns) && System.nanoTime() < until) {
            Thread.onSpinWait();
            after = state();
        }
        return after.equals(before) && TURNS.get() > turns ? "" : ", was " + before + ", is " + after;
    }

    /** Descriptors with their flags, the dumpable flag, and what the kernel shows of the application's tasks. */
    private static Map<String, String> state() throws IOException {
        Map<String, String> state = new TreeMap<>();
        for (int fd = 0; fd < 200; fd++) {
            state.put("fd " + fd, Long.toString(own("fcntl", fd, F_GETFD)));
        }
        state.put("dumpable", Long.toString(own("prctl", PR_GET_DUMPABLE)));
        int threads = 0;
        for (String task : new File("/proc/self/task").list()) {
            Path status = Path.of("/proc/self/task", task, "status");
            String text = SpawnApp.text(status);
            if (text.startsWith("Name:\tturns-") || text.startsWith("Name:\tjava\n")) {
                threads++;
                state.put("task " + task, lines(text));
            }
        }
        state.put("threads", Integer.toString(threads));
        return state;
    }

    private static String lines(String status) {
        return status.lines()
                .filter(line -> line.matches("(Uid|Gid|Groups|Sig...|Cap...|NoNewPrivs|Seccomp):.*"))
                .collect(Collectors.joining("; "));
    }

    private static long own(String call, long... arguments) {
        return OwnCall.make(EnginePort.get(), new Program().add(call, arguments)).result;
    }
}

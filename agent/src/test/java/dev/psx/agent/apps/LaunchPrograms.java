package dev.psx.agent.apps;

import dev.psx.agent.apps.LaunchLeaks.Refusal;
import dev.psx.agent.apps.LaunchLeaks.Setting;
import dev.psx.agent.apps.LaunchLeaks.Start;
import dev.psx.process.Launcher;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Files that cannot be executed, and what cannot be passed to a program. Each row's directory is the property's. */
final class LaunchPrograms {

    private static final int MACHINE = 18;
    private static final short S390 = 22;
    private static final int ELF_HEADER = 64;

    private final Map<String, Refusal> rows;
    private final Path directory = Path.of(System.getProperty("directory"));
    private final byte[] program;

    LaunchPrograms(Map<String, Refusal> rows) throws IOException {
        this.rows = rows;
        program = Files.readAllBytes(Path.of("/bin/true"));
    }

    private void add(String name, Start start) {
        add(name, LaunchSettings.NONE, start);
    }

    private void add(String name, Setting setting, Start start) {
        rows.put(name, new Refusal(setting, start));
    }

    private void add(String name, byte[] content) throws IOException {
        Path file = file(name.substring(name.indexOf(' ') + 1), content);
        add(name, () -> Launcher.builder(file.toString()).directory(directory));
    }

    private void add(String name, String script) throws IOException {
        add(name, script.getBytes(StandardCharsets.UTF_8));
    }

    private Path file(String name, byte[] content) throws IOException {
        Path file = Files.write(directory.resolve(name.replace(' ', '-')), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    void paths() throws IOException {
        add("command: missing", () -> Launcher.builder("/nowhere/x"));
        add("command: not in PATH", () -> Launcher.builder("no-such-program"));
        add("command: directory", () -> Launcher.builder("/usr"));
        add("command: not executable", () -> Launcher.builder("/etc/passwd"));
        add("command: file as directory", () -> Launcher.builder("/etc/passwd/x"));
        add("command: long name", () -> Launcher.builder("/" + "x".repeat(256)));
        add("command: long path", () -> Launcher.builder(("/" + "x".repeat(255)).repeat(16)));
        Path circle = Files.createSymbolicLink(directory.resolve("circle"), Path.of("circle"));
        add("command: circle", () -> Launcher.builder(circle.toString()));
        add("command: on noexec", () -> Launcher.builder("/mnt/true"));
        Path hidden = Files.createDirectory(
                directory.resolve("hidden"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.copy(Path.of("/bin/true"), hidden.resolve("true"));
        add(
                "command: hidden from its user",
                () -> Launcher.builder(hidden + "/true").credential(1234, 1234));
        add("command: not in root", () -> LaunchApp.sleep().chroot(Path.of("/proc")));
    }

    void formats() throws IOException {
        add("command: no format", new byte[] {0, 'x'});
        add("command: empty file", new byte[0]);
        add("command: script without first line", "exit 0\n");
        add("command: script without interpreter", "#!\nexit 0\n");
        add("command: missing interpreter", "#!/nowhere/x\n");
        add("command: directory as interpreter", "#!/usr\n");
        add("command: own interpreter", "#!" + directory.resolve("own-interpreter") + "\n");
        add("command: ELF of another machine", otherMachine());
        add("command: ELF without segments", Arrays.copyOf(program, ELF_HEADER - 8));
        add("command: ELF cut in its segments", Arrays.copyOf(program, ELF_HEADER + 60));
        add("command: ELF with missing interpreter", interpreter("/nowhere/x"));
        add("command: ELF with directory as interpreter", interpreter("/usr"));
        file("bad", new byte[4096]);
        add("command: ELF with bad interpreter", interpreter("bad"));
        Path busy = file("busy", program);
        add("command: being written", LaunchSettings.openForWriting(busy), () -> Launcher.builder(busy.toString()));
        Path leased = file("leased", program);
        add(
                "giveUp: waiting for a lease",
                LaunchSettings.leased(leased),
                () -> Launcher.builder(leased.toString()).giveUp(20, TimeUnit.MILLISECONDS));
    }

    private byte[] otherMachine() {
        byte[] copy = program.clone();
        ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder()).putShort(MACHINE, S390);
        return copy;
    }

    /** The same program with another path where its dynamic linker's was. */
    private byte[] interpreter(String path) {
        String text = new String(program, StandardCharsets.ISO_8859_1);
        int start = text.indexOf("/lib");
        int end = text.indexOf('\0', start);
        byte[] copy = program.clone();
        Arrays.fill(copy, start, end, (byte) '/');
        byte[] padded = (path.startsWith("/") ? path : "./" + path).getBytes(StandardCharsets.ISO_8859_1);
        // what is in front of a path may be any number of slashes, or of ./
        if (!path.startsWith("/")) {
            for (int i = start; i < end; i++) {
                copy[i] = (byte) ((i - start) % 2 == 0 ? '.' : '/');
            }
            padded = path.getBytes(StandardCharsets.ISO_8859_1);
            if ((end - padded.length - start) % 2 != 0) {
                copy[end - padded.length - 1] = '/';
            }
        }
        System.arraycopy(padded, 0, copy, end - padded.length, padded.length);
        return copy;
    }

    void sizes() {
        String word = "x".repeat(1 << 17);
        add("command: long argument", () -> Launcher.builder("/bin/true", word));
        add("argv0: too long", () -> Launcher.builder("/bin/true").argv0(word));
        add("environment: long variable", () -> Launcher.builder("/bin/true").environment("A", word));
        String[] many = new String[70];
        Arrays.fill(many, "x".repeat(100_000));
        many[0] = "/bin/true";
        add("command: many arguments", () -> Launcher.builder(many));
    }
}

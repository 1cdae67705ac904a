package dev.psx.cap;

import com.sun.jna.Pointer;
import dev.psx.spi.IdSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** Has threads, and does to itself what each line of its input asks for; answers "ok", or "failed" and why. */
final class CapMain {

    private static final int THREADS = 20;

    private CapMain() {}

    public static void main(String[] arguments) throws IOException {
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(i % 5 == 0 ? CapMain::spin : CapMain::sleep, "thread-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            int space = line.indexOf(' ');
            String command = space < 0 ? line : line.substring(0, space);
            System.out.println("answer " + answer(command, space < 0 ? "" : line.substring(space + 1)));
        }
    }

    private static String answer(String command, String text) {
        try {
            Object result = run(command, text);
            return "ok " + (result == null ? "" : result);
        } catch (RuntimeException | IOException e) {
            return "failed " + e.getClass().getSimpleName() + " "
                    + String.valueOf(e.getMessage()).replace('\n', ' ');
        }
    }

    private static Object run(String command, String text) throws IOException {
        return switch (command) {
            case "get" -> CapabilitySet.ofProcess();
            case "get-pid" -> CapabilitySet.ofProcess(Integer.parseInt(text));
            case "get-iab" -> Iab.ofProcess();
            case "get-iab-pid" -> Iab.ofProcess(Integer.parseInt(text));
            case "get-bits" -> SecureBits.ofProcess();
            case "get-own-bits" -> SecureBits.ofTask();
            case "get-mode" -> Mode.ofProcess();
            case "get-keep" -> Capabilities.keepsCapabilities();
            case "get-nnp" -> Capabilities.hasNoNewPrivileges();
            case "get-bounding" -> Capability.list(Capabilities.bounding());
            case "get-ambient" -> Capability.list(Capabilities.ambient());
            case "has-ambient" -> Capabilities.isAmbientSupported() + " " + Capabilities.isAmbient(Capability.of(text));
            case "has-bounding" -> Capabilities.isBounding(Capability.of(text));
            case "get-beside-changes" -> getBesideChanges(Integer.parseInt(text));
            case "file-get" ->
                FileCapabilities.of(Path.of(text)).map(Object::toString).orElse("none");
            case "child" -> output(text.split(" "));
            default -> {
                change(command, text);
                yield null;
            }
        };
    }

    private static void change(String command, String text) {
        switch (command) {
            case "set" -> CapabilitySet.parse(text).applyToProcess();
            case "iab" -> Iab.parse(text).applyToProcess();
            case "bits" -> SecureBits.parse(text).applyToProcess();
            case "mode" -> Mode.valueOf(text).applyToProcess();
            case "keep" -> Capabilities.keepCapabilities(Boolean.parseBoolean(text));
            case "nnp" -> Capabilities.setNoNewPrivileges();
            case "drop-bounding" -> Capabilities.dropBounding(capabilities(text));
            case "raise-ambient" -> Capabilities.raiseAmbient(capabilities(text));
            case "lower-ambient" -> Capabilities.lowerAmbient(capabilities(text));
            case "clear-ambient" -> Capabilities.clearAmbient();
            case "setuid" -> Capabilities.setuid(Integer.parseInt(text));
            case "setgroups" ->
                setgroups(Arrays.stream(text.split(" "))
                        .mapToInt(Integer::parseInt)
                        .toArray());
            case "file-set" -> {
                String[] words = text.split(" ", 3);
                FileCapabilities.of(CapabilitySet.parse(words[2]))
                        .withNamespaceOwner(Integer.parseUnsignedInt(words[1]))
                        .write(Path.of(words[0]));
            }
            case "file-remove" -> FileCapabilities.remove(Path.of(text));
            case "libcap-set" -> libcapSet(text);
            default -> throw new IllegalArgumentException(command);
        }
    }

    private static void setgroups(int... ids) {
        Capabilities.setgroups((int) IdSet.require(ids[0]), Arrays.copyOfRange(ids, 1, ids.length));
    }

    private static Capability[] capabilities(String text) {
        return Capability.in(Capability.parseList(text)).toArray(new Capability[0]);
    }

    /** What a program does that is linked with libcap alone. */
    private static void libcapSet(String text) {
        Pointer sets = Libcap.pointer("cap_from_text", (Object) Libcap.text(text));
        if (Libcap.call("cap_set_proc", sets) != 0) {
            throw new IllegalStateException("cap_set_proc failed");
        }
        Libcap.free(sets);
    }

    /** Reads while another thread changes all the time; returns how many values were seen that nobody had set. */
    private static int getBesideChanges(int rounds) {
        CapabilitySet one = CapabilitySet.ofProcess();
        CapabilitySet other = one.clear(CapabilitySet.Flag.EFFECTIVE);
        AtomicBoolean end = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            for (boolean odd = true; !end.get(); odd = !odd) {
                (odd ? other : one).applyToProcess();
            }
        });
        writer.start();
        Set<CapabilitySet> seen = new HashSet<>();
        try {
            for (int i = 0; i < rounds || seen.size() < 2; i++) {
                seen.add(CapabilitySet.ofProcess());
            }
        } finally {
            end.set(true);
        }
        seen.removeAll(Set.of(one, other));
        return seen.size();
    }

    private static String output(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .strip()
                .replace("\n", "|");
    }

    private static void sleep() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void spin() {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }
}

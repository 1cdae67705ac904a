package dev.psx.agent.apps;

import dev.psx.check.Checks;
import dev.psx.check.Finding;
import dev.psx.check.FixUps;
import dev.psx.check.Subject;
import dev.psx.spi.EnginePort;
import dev.psx.spi.Program;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** An application that uses, when it is told to, what a drop may have taken away. */
public final class CheckedApp {

    private static final int NOBODY = 65534;
    private static final List<RandomAccessFile> HELD = new ArrayList<>();

    private static FixUps fixUps;

    private CheckedApp() {}

    public static void main(String[] arguments) throws IOException {
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(answer(line.split(" ")));
        }
    }

    private static String answer(String[] words) {
        try {
            return "ok " + run(words[0], words.length > 1 ? words[1] : "", words);
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            return "failed " + e.toString().replace('\n', ' ');
        }
    }

    private static Object run(String command, String word, String[] words) throws Exception {
        return switch (command) {
            case "plan" -> Commands.plan(word);
            case "apply" ->
                Plans.of(Arrays.copyOfRange(words, 1, words.length))
                        .apply()
                        .toString()
                        .replace('\n', ' ');
            case "unpack" -> unpack(Path.of(word));
            case "spawn" -> Commands.spawn(Arrays.copyOfRange(words, 1, words.length));
            case "blocked" -> Fixture.startRaw(1, true);
            case "child" -> Commands.child();
            case "read" -> Commands.read(word);
            case "class" -> Class.forName(word);
            case "temp" -> Files.createTempFile("checked", null);
            case "hold" -> HELD.add(new RandomAccessFile(word, "rw"));
            case "hold-read" -> HELD.add(new RandomAccessFile(word, "r"));
            case "reopen" -> new RandomAccessFile(word, "rw").length();
            case "held" -> HELD.get(0).readLine();
            case "relative" ->
                Files.exists(Path.of(word)) || Files.readString(Path.of(word)).isEmpty();
            case "zone" -> ZoneId.of("Europe/Paris");
            case "listen" -> new ServerSocket(Integer.parseInt(word)).getLocalPort();
            case "end-first-task" -> Commands.endFirstTask();
            case "thread" -> thread();
            case "property" -> System.getProperty(word);
            case "set-property" -> System.setProperty(word, words[2]);
            case "own-syscall" -> Commands.onThisThread(Arrays.copyOfRange(words, 1, words.length));
            case "power" -> Powers.open(word, words.length > 2 ? words[2] : "");
            case "use" -> Powers.use(word, Integer.parseInt(words[2]));
            case "close" -> Powers.close(Integer.parseInt(word));
            case "ordinary" -> Ordinary.open(Path.of(word));
            case "enter" -> Powers.enter(word);
            case "check" -> check();
            case "give-files" -> giveFiles().failures();
            case "take-back" -> {
                fixUps.takeBack();
                yield fixUps.failures();
            }
            case "set-properties" -> setProperties();
            default -> throw new IllegalArgumentException(command);
        };
    }

    /** As a library does that brings its native part in a jar. */
    private static String unpack(Path library) throws IOException {
        Path copy = Files.createTempFile("unpacked", ".so");
        Files.copy(library, copy, StandardCopyOption.REPLACE_EXISTING);
        System.load(copy.toString());
        return "unpacked";
    }

    private static String thread() throws InterruptedException {
        Thread thread = new Thread(() -> {});
        thread.start();
        thread.join();
        return "thread";
    }

    private static FixUps giveFiles() {
        fixUps = FixUps.find();
        fixUps.giveFiles(NOBODY, NOBODY);
        return fixUps;
    }

    private static String setProperties() {
        fixUps.setProperties(EnginePort.get(), NOBODY);
        return "set";
    }

    /** The check inside the JVM that is going to make the drop. */
    private static String check() throws IOException {
        Program program = new Program()
                .addGroups()
                .add("setresgid", NOBODY, NOBODY, NOBODY)
                .add("setresuid", NOBODY, NOBODY, NOBODY);
        Map<String, String> properties = System.getProperties().stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, System::getProperty));
        List<Finding> findings = Checks.run(EnginePort.get(), program, Subject.own(properties), false);
        return findings.stream().map(Finding::check).collect(Collectors.joining(" "));
    }
}

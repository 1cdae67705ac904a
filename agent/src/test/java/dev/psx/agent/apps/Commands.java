package dev.psx.agent.apps;

import dev.psx.Posix;
import dev.psx.Psx;
import dev.psx.plan.PrivilegePlan;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What {@link Console} can do. */
final class Commands {

    private Commands() {}

    static String ownUid() throws IOException {
        return uidLine(Files.readString(Path.of("/proc/thread-self/status")));
    }

    static String posix(String name, int... ids) {
        switch (name) {
            case "setuid" -> Posix.setuid(ids[0]);
            case "seteuid" -> Posix.seteuid(ids[0]);
            case "setgid" -> Posix.setgid(ids[0]);
            case "setegid" -> Posix.setegid(ids[0]);
            case "setreuid" -> Posix.setreuid(ids[0], ids[1]);
            case "setregid" -> Posix.setregid(ids[0], ids[1]);
            case "setresuid" -> Posix.setresuid(ids[0], ids[1], ids[2]);
            case "setresgid" -> Posix.setresgid(ids[0], ids[1], ids[2]);
            case "setgroups" -> Posix.setgroups(ids);
            default -> throw new IllegalArgumentException(name);
        }
        return name;
    }

    static long broadcast(String[] words) {
        long[] numbers = longs(words);
        return Psx.allThreadsSyscall(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    static long onThisThread(String[] words) {
        long[] numbers = longs(words);
        return Fixture.syscall(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    static String plan(String user) {
        return PrivilegePlan.builder().user(user).build().apply().toString().replace('\n', ' ');
    }

    /** Applies the plan of the agent's options. */
    static String configured() {
        return PrivilegePlan.configured()
                .map(plan -> plan.apply().toString().replace('\n', ' '))
                .orElse("none");
    }

    /** How many tasks there are, of what kind, and how many of them are registered. */
    static String tasks() {
        long registered = Psx.tasks().stream().filter(task -> task.registered()).count();
        return Psx.tasks().size() + " tasks, " + registered + " registered";
    }

    static String child() throws IOException, InterruptedException {
        Process child = new ProcessBuilder("cat", "/proc/self/status")
                .redirectErrorStream(true)
                .start();
        try (InputStream in = child.getInputStream()) {
            String output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return "exit " + child.waitFor() + " " + uidLine(output);
        }
    }

    /** Runs a program to its end, and returns what it said. */
    static String spawn(String... command) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream in = child.getInputStream()) {
            String output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return "exit " + child.waitFor() + " " + output.trim().replace('\n', '|');
        }
    }

    /** Starts a JVM of the same JDK that inherits the environment, and returns how it ended and what it said first. */
    static String childJvm() throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process child =
                new ProcessBuilder(java, "-version").redirectErrorStream(true).start();
        try (InputStream in = child.getInputStream()) {
            String output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return "exit " + child.waitFor() + " " + output.replace('\n', '|');
        }
    }

    /** A thread that stays in ProcessBuilder.start until somebody reads the FIFO. Returns when it is in there. */
    static String startChildBehind(String fifo) {
        Thread thread = new Thread(() -> openAndStart(new File(fifo)), "behind-fifo");
        thread.setDaemon(true);
        thread.start();
        while (!isOpening(thread)) {
            Thread.onSpinWait();
        }
        return "";
    }

    static String read(String file) throws IOException {
        return Files.readString(Path.of(file)).trim();
    }

    private static void openAndStart(File fifo) {
        try {
            new ProcessBuilder("true").redirectOutput(fifo).start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isOpening(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("open0"));
    }

    private static String uidLine(String status) {
        return Arrays.stream(status.split("\n"))
                .filter(line -> line.startsWith("Uid:"))
                .findFirst()
                .orElse("no Uid line in: " + status)
                .replace('\t', ' ');
    }

    private static long[] longs(String[] words) {
        return Arrays.stream(words).mapToLong(Long::parseLong).toArray();
    }

    /** Returns when the kernel lists it as dead. */
    static String endFirstTask() throws IOException {
        Fixture.endFirstTask();
        while (!Files.readString(Path.of("/proc/self/status")).contains("State:\tZ")) {
            Thread.onSpinWait();
        }
        return "end-first-task";
    }
}

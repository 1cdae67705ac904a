package dev.psx.agent.apps;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** An application that does what it is told: one command per line of standard input, one answer per line of standard output. */
public final class Console {

    private Console() {}

    public static void main(String[] arguments) throws IOException {
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(answer(line.split(" ")));
        }
    }

    private static String answer(String[] words) {
        try {
            return "ok " + run(words[0], Arrays.copyOfRange(words, 1, words.length));
        } catch (Exception | LinkageError | StackOverflowError e) {
            return "failed " + e.getClass().getName() + " "
                    + String.valueOf(e.getMessage()).replace('\n', ' ');
        }
    }

    private static Object run(String command, String[] words) throws Exception {
        return switch (command) {
            case "crowd" -> {
                int[] counts = ints(words);
                Crowd.start(counts[0], counts[1], counts[2]);
                yield "";
            }
            case "blocked" -> Fixture.startRaw(1, true);
            case "listen" -> Listeners.open(words[0], Integer.parseInt(words[1])) + " " + Commands.ownUid();
            case "listen-deep" ->
                Listeners.openDeep(Integer.parseInt(words[0]), Integer.parseInt(words[1])) + " " + Commands.ownUid();
            case "forbid-exit" -> NoExit.install();
            case "end-first-task" -> Commands.endFirstTask();
            case "posix" -> Commands.posix(words[0], ints(Arrays.copyOfRange(words, 1, words.length)));
            case "syscall" -> Commands.broadcast(words);
            case "own-syscall" -> Commands.onThisThread(words);
            case "libc-seteuid" -> Fixture.seteuid(Integer.parseInt(words[0]));
            case "caps" -> Caps.run(words);
            case "plan" -> Commands.plan(words[0]);
            case "configured" -> Commands.configured();
            case "tasks" -> Commands.tasks();
            case "child" -> Commands.child();
            case "child-jvm" -> Commands.childJvm();
            case "fifo" -> Commands.startChildBehind(words[0]);
            case "read" -> Commands.read(words[0]);
            default -> throw new IllegalArgumentException(command);
        };
    }

    private static int[] ints(String[] words) {
        return Arrays.stream(words).mapToInt(Integer::parseInt).toArray();
    }
}

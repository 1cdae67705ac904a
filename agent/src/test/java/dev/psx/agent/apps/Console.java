package dev.psx.agent.apps;

import dev.psx.plan.PrivilegePlan;
import dev.psx.spi.Syscalls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

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
            case "apply" -> Plans.of(words).apply().toString().replace('\n', ' ');
            case "apply-json" -> Plans.of(words).apply().toJson();
            case "apply-timed" -> Plans.timed(words);
            case "apply-text" ->
                PrivilegePlan.parse(words[0]).apply().toString().replace('\n', ' ');
            case "apply-file" ->
                PrivilegePlan.read(Path.of(words[0])).apply().toString().replace('\n', ' ');
            case "check" -> Plans.of(words).check().toString().replace('\n', ' ');
            case "check-json" -> Plans.of(words).check().toJson();
            case "explain" -> Plans.of(words).explain().replace('\n', '|');
            case "inside" -> inside(words);
            case "ring" -> ring(words);
            case "apply-when-free" -> Plans.applyWhenFree(words);
            case "refuse" -> Fixture.refuse(Syscalls.number(words[0]));
            case "unset" -> Inside.unset(Plans.of(words));
            case "warden" -> Warden.start(Plans.of(words));
            case "arm" -> Warden.arm(words[0], Integer.parseInt(words[1]));
            case "refused" -> Warden.refused();
            case "on-own-thread" -> onOwnThread(words);
            case "start-child" -> new ProcessBuilder("sleep", "1000").start().pid();
            case "hang" -> YoungOnes.hanging(words[0]);
            case "busy" -> YoungOnes.busy(words);
            case "spawn" -> Commands.spawn(words);
            case "configured" -> Commands.configured();
            case "tasks" -> Commands.tasks();
            case "child" -> Commands.child();
            case "child-jvm" -> Commands.childJvm();
            case "fifo" -> Commands.startChildBehind(words[0]);
            case "read" -> Commands.read(words[0]);
            default -> throw new IllegalArgumentException(command);
        };
    }

    /** The thread stays. */
    private static Object onOwnThread(String[] words) throws Exception {
        FutureTask<Object> task = new FutureTask<>(() -> run(words[0], Arrays.copyOfRange(words, 1, words.length)));
        Thread thread = new Thread(
                () -> {
                    task.run();
                    LockSupport.park();
                },
                "own");
        thread.setDaemon(true);
        thread.start();
        return task.get();
    }

    private static long inside(String[] words) {
        return switch (words[0]) {
            case "way-out" -> Insiders.wayOut(words[1]);
            case "directories" -> Insiders.directories();
            case "open" -> Insiders.open(words[1], Integer.decode(words[2]));
            case "own-fs" -> Insiders.ownFs(null);
            case "own-root" -> Insiders.ownFs(words[1]);
            case "own-fs-pair" -> Insiders.ownFsPair();
            case "unshare-fs" -> Insiders.unshareFs();
            case "own-mounts" -> Insiders.ownMounts(words[1]);
            case "sharer" -> Insiders.sharer();
            case "new-session" -> Insiders.newSession();
            case "add-key" -> Insiders.addKey();
            case "fill-keys" -> Insiders.fillKeys(Integer.parseInt(words[1]));
            case "read-key" -> Insiders.readKey(Long.parseLong(words[1]));
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private static long ring(String[] words) {
        return switch (words[0]) {
            case "open" -> UserRing.open(Integer.decode(words[1]));
            case "adopt" -> UserRing.adopt(Integer.decode(words[1]), words[2]);
            case "register" -> UserRing.registerPersonality();
            case "try" -> UserRing.tryOpen(words[1], Integer.parseInt(words[2]));
            case "close" -> UserRing.close();
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private static int[] ints(String[] words) {
        return Arrays.stream(words).mapToInt(Integer::parseInt).toArray();
    }
}

package dev.psx.agent.apps;

import dev.psx.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Threads at the end of their stacks. Mode {@code beside}: several run into StackOverflowError without a break, at every depth
 * of which a broadcast may come. Mode {@code caller}: a broadcast is asked for at each of the last depths of a stack.
 */
public final class StackOverflowApp {

    private static final int SMALL_STACK = 256 * 1024;

    /** How far from the end broadcasts are tried: beyond what the deepest of their own calls needs. */
    private static final int DEPTHS = 400;

    private static volatile boolean stop;

    private StackOverflowApp() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("beside")) {
            beside(Integer.parseInt(arguments[1]));
        } else {
            Thread caller = new Thread(null, StackOverflowApp::callAtEachDepth, "deep", SMALL_STACK);
            caller.start();
            caller.join();
            Rounds.finish("after calls at the end of the stack");
        }
    }

    private static void beside(int rounds) throws IOException, InterruptedException {
        Crowd.start(4, 5, 1);
        List<Overflower> overflowers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Overflower overflower = new Overflower(i);
            overflower.setDaemon(true);
            overflower.start();
            overflowers.add(overflower);
        }
        new Rounds().run(rounds);
        stop = true;
        StringBuilder errors = new StringBuilder();
        for (Overflower overflower : overflowers) {
            overflower.join();
            errors.append(' ').append(overflower.errors);
        }
        Rounds.finish("errors" + errors);
    }

    /** Overflows in one of three ways, on a small or on an ordinary stack. */
    private static final class Overflower extends Thread {

        private final IntUnaryOperator way;
        private int errors;

        Overflower(int number) {
            super(null, null, "overflow-" + number, number % 2 == 0 ? SMALL_STACK : 0);
            way = switch (number % 3) {
                case 0 -> StackOverflowApp::descend;
                case 1 -> StackOverflowApp::descendLocking;
                default -> StackOverflowApp::descendByLambda;
            };
        }

        @Override
        public void run() {
            while (!stop) {
                try {
                    way.applyAsInt(0);
                } catch (StackOverflowError e) {
                    errors++;
                }
            }
        }
    }

    private static int descend(int depth) {
        return descend(depth + 1) + 1;
    }

    private static synchronized int locked(int depth) {
        return descendLocking(depth);
    }

    /** Monitors are released on the way back, frame by frame. */
    private static int descendLocking(int depth) {
        try {
            return locked(depth + 1) + 1;
        } finally {
            Math.addExact(depth, 1);
        }
    }

    private static int descendByLambda(int depth) {
        IntUnaryOperator next = StackOverflowApp::descendByLambda;
        return next.applyAsInt(depth + 1) + 1;
    }

    /** A call near the end of the stack is either carried out or not begun; what it has locked it unlocks. */
    private static void callAtEachDepth() {
        setEgid(0);
        int deepest = depth(new int[1]);
        int refused = 0;
        for (int room = 0; room < DEPTHS; room++) {
            refused += callAt(deepest - room, 2 + room % 2) ? 0 : 1;
            checkAllAlike();
        }
        setEgid(0);
        System.out.println("refused " + refused + " of " + DEPTHS);
    }

    private static int depth(int[] calls) {
        try {
            descend(calls);
        } catch (StackOverflowError e) {
            return calls[0];
        }
        throw new IllegalStateException("no end of the stack");
    }

    private static int descend(int[] calls) {
        calls[0]++;
        return descend(calls) + 1;
    }

    private static boolean callAt(int calls, int egid) {
        try {
            if (calls > 0) {
                return callAt(calls - 1, egid);
            }
            setEgid(egid);
            return true;
        } catch (StackOverflowError e) {
            return false;
        }
    }

    private static void setEgid(int egid) {
        Posix.setegid(egid);
    }

    private static void checkAllAlike() {
        List<String> lines = new ArrayList<>();
        try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                lines.add(gidLine(Files.readString(task.resolve("status"))));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        if (lines.stream().distinct().count() != 1) {
            throw new IllegalStateException("tasks differ: " + lines);
        }
    }

    private static String gidLine(String status) {
        int at = status.indexOf("\nGid:");
        return status.substring(at + 1, status.indexOf('\n', at + 1));
    }
}

package dev.psx.examples.benchmarks;

import dev.psx.process.Launcher;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The JVM among those that {@link SpawnTimes} compares: starts children with {@code launcher}, {@code builder} or {@code bare}, as each line
 * of its standard input says. They answer in the same JVM, so that they have the same heap around them. The lines are {@code times API STREAMS
 * THREADS MILLISECONDS}, which is answered by the nanoseconds of each start and wait in one line, and {@code alive API CHILDREN}.
 */
public final class SpawnWorker {

    private static final String TRUE = "/bin/true";

    private SpawnWorker() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("ready");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] word = line.split(" ");
            System.out.println(
                    word[0].equals("times")
                            ? times(once(word[1], word[2]), Integer.parseInt(word[3]), Long.parseLong(word[4]))
                            : ChildrenAlive.count(
                                    starter(word[1], "inherit", "/bin/sleep", "300"), Integer.parseInt(word[2])));
        }
    }

    private static Callable<Integer> once(String api, String streams) {
        if (api.equals("bare")) {
            return new BareSpawn(TRUE)::once;
        }
        Callable<Process> starter = starter(api, streams, TRUE);
        return () -> starter.call().waitFor();
    }

    private static Callable<Process> starter(String api, String streams, String... command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        if (streams.equals("inherit")) {
            builder.inheritIO();
        }
        if (api.equals("builder")) {
            return builder::start;
        }
        Launcher launcher = Launcher.from(builder).build();
        return launcher::start;
    }

    private static String times(Callable<Integer> once, int threads, long milliseconds) throws Exception {
        long end = System.nanoTime() + milliseconds * 1_000_000;
        List<FutureTask<StringBuilder>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            FutureTask<StringBuilder> task = new FutureTask<>(() -> timesUntil(once, end));
            new Thread(task, "starter " + i).start();
            all.add(task);
        }
        StringBuilder took = new StringBuilder();
        for (FutureTask<StringBuilder> each : all) {
            took.append(resultOf(each));
        }
        return took.toString();
    }

    private static StringBuilder resultOf(FutureTask<StringBuilder> task) throws Exception {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private static StringBuilder timesUntil(Callable<Integer> once, long end) throws Exception {
        StringBuilder took = new StringBuilder();
        long start = System.nanoTime();
        do {
            int code = once.call();
            long now = System.nanoTime();
            if (code != 0) {
                throw new IOException("/bin/true ended with " + code);
            }
            took.append(now - start).append(' ');
            start = now;
        } while (start - end < 0);
        return took;
    }
}

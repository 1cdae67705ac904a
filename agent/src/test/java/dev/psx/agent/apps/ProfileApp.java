package dev.psx.agent.apps;

import dev.psx.plan.PrivilegePlan;
import dev.psx.process.Launcher;
import dev.psx.process.LauncherBuilder;
import dev.psx.process.Namespace;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Starts children in the way that a line of standard input names, and answers with their process ids; they run on. */
public final class ProfileApp {

    private static final List<Process> MANY = new ArrayList<>();

    private ProfileApp() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String answer;
            try {
                answer = "ok " + run(line.split(" "));
            } catch (Exception e) {
                answer = "failed " + e.getMessage();
            }
            System.out.println(answer);
        }
    }

    private static String run(String[] words) throws Exception {
        switch (words[0]) {
            case "builder":
                return pids(List.of(sleep().start()));
            case "builder-in":
                return pids(List.of(sleep().directory(new File(words[1])).start()));
            case "inherit":
                return pids(List.of(
                        sleep().inheritIO().redirectInput(new File("/dev/null")).start()));
            case "environment":
                ProcessBuilder builder = sleep();
                builder.environment().put("A", "b");
                return pids(List.of(builder.start()));
            case "runtime":
                return pids(List.of(Runtime.getRuntime().exec("sleep 1000")));
            case "pipeline":
                return pids(ProcessBuilder.startPipeline(List.of(sleep(), sleep(), sleep())));
            case "many":
                return many(Integer.parseInt(words[1]));
            case "end":
                return end();
            case "drop-beside-starts":
                return new Starts()
                        .beside(() -> PrivilegePlan.configured().get().apply());
            case "explain":
                return String.join("|", launcher(words).build().explain());
            default:
                return pids(List.of(launcher(words).start()));
        }
    }

    private static ProcessBuilder sleep() {
        return new ProcessBuilder("sleep", "1000");
    }

    private static LauncherBuilder launcher(String[] words) {
        LauncherBuilder builder = Launcher.builder("sleep", "1000");
        for (String word : words) {
            switch (word) {
                case "user" -> builder.user("daemon");
                case "groups" -> builder.groups(4);
                case "no-groups-change" -> builder.keepGroups();
                case "new-privileges" -> builder.noNewPrivileges(false);
                case "not-ambient" -> builder.ambient();
                case "namespace" -> builder.namespaces(Namespace.USER);
                default -> {}
            }
        }
        return builder;
    }

    private static String pids(List<? extends Process> children) {
        return children.stream().map(each -> Long.toString(each.pid())).collect(Collectors.joining(" "));
    }

    /** Two threads that start children without a break, one in each way. */
    private static final class Starts {

        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicInteger made = new AtomicInteger();
        private final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();

        String beside(Runnable action) throws InterruptedException {
            Thread builder = new Thread(() -> run(() -> new ProcessBuilder("id", "-u").start()));
            Thread launcher =
                    new Thread(() -> run(() -> Launcher.builder("id", "-u").start()));
            builder.start();
            launcher.start();
            awaitMade(10);
            action.run();
            awaitMade(made.get() + 10);
            over.set(true);
            builder.join();
            launcher.join();
            return String.join(" ", new TreeSet<>(seen));
        }

        private void run(Callable<Process> start) {
            try {
                while (!over.get()) {
                    Process child = start.call();
                    seen.add(new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
                    child.waitFor();
                    made.incrementAndGet();
                }
            } catch (Exception e) {
                seen.add(String.valueOf(e.getMessage()));
            }
        }

        /** Or until one has failed. */
        private void awaitMade(int count) throws InterruptedException {
            for (int tries = 0;
                    tries < 3000 && made.get() < count && seen.stream().allMatch(s -> s.length() < 9);
                    tries++) {
                Thread.sleep(10);
            }
        }
    }

    /** By four threads at once. */
    private static String many(int count) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> startSome(count / 4));
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return pids(MANY);
    }

    private static void startSome(int count) {
        try {
            for (int i = 0; i < count; i++) {
                Process child = sleep().start();
                synchronized (MANY) {
                    MANY.add(child);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns how many descriptors are left of them. */
    private static String end() throws InterruptedException {
        int withThem = descriptors();
        for (Process each : MANY) {
            each.destroy();
        }
        int codes = 0;
        for (Process each : MANY) {
            codes |= each.waitFor();
        }
        // Four of each are closed: a pidfd and three pipes. The reaper is about to.
        int expected = withThem - 4 * MANY.size();
        for (int tries = 0; tries < 1000 && descriptors() > expected; tries++) {
            Thread.sleep(10);
        }
        return codes + " " + Math.max(0, descriptors() - expected);
    }

    private static int descriptors() {
        return new File("/proc/self/fd").list().length;
    }
}

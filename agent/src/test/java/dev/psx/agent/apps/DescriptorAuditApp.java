package dev.psx.agent.apps;

import dev.psx.process.ChildProcess;
import dev.psx.process.LauncherBuilder;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Children that are given descriptors by all sorts of numbers, while other threads open and close descriptors that any program would
 * inherit. Each child must have exactly what it was given.
 */
public final class DescriptorAuditApp {

    private static final int F_DUPFD = 0;
    private static final int SOURCES = 12;
    private static final int[] PLACES = {3, 20, 33, 64, 1000, 1001, 1500, 3000};
    private static final String PIPE = "pipe";
    private static final String NULL = "/dev/null";

    private final Random random;
    private final List<Integer> sources = new ArrayList<>();
    private final Map<Integer, String> files = new TreeMap<>();
    private int wrong;

    private DescriptorAuditApp(long seed) {
        random = new Random(seed);
    }

    public static void main(String[] arguments) throws Exception {
        int children = Integer.parseInt(arguments[0]);
        long seed = Long.parseLong(arguments[1]);
        DescriptorAuditApp audit = new DescriptorAuditApp(seed);
        audit.openSources(Path.of(System.getProperty("directory")));
        for (int i = 0; i < 3; i++) {
            Thread storm = new Thread(DescriptorAuditApp::storm);
            storm.setDaemon(true);
            storm.start();
        }
        audit.fixed();
        for (int i = 0; i < children; i++) {
            audit.any();
        }
        System.out.println("wrong = " + audit.wrong + " of seed " + seed);
        System.out.println("done");
        System.exit(0);
    }

    /** Descriptors without the close-on-exec flag, at low and at high numbers. */
    private static void storm() {
        Random random = new Random();
        while (true) {
            int low = LaunchKernel.open("/dev/full", 0);
            long high = LaunchKernel.attempt("fcntl", low, F_DUPFD, PLACES[random.nextInt(PLACES.length)]);
            LaunchKernel.attempt("close", low);
            LaunchKernel.attempt("close", high);
        }
    }

    private void openSources(Path directory) throws IOException {
        for (int i = 0; i < SOURCES; i++) {
            Path file = Files.createFile(directory.resolve("source-" + i));
            int opened = LaunchKernel.open(file.toString(), 0);
            int place = (int) LaunchKernel.own("fcntl", opened, F_DUPFD, PLACES[i % PLACES.length] + i % 2);
            LaunchKernel.own("close", opened);
            sources.add(place);
            files.put(place, file.toString());
        }
    }

    private int source() {
        return sources.get(random.nextInt(sources.size()));
    }

    private void fixed() throws IOException {
        int a = sources.get(0);
        int b = sources.get(1);
        int c = sources.get(2);
        check(Map.of(a, b, b, a), "exchanged");
        check(Map.of(a, b, b, c, c, a), "in a circle");
        check(Map.of(a, a, b, b), "where they are");
        check(Map.of(a, b, b, b), "one twice, once where it is");
        check(Map.of(3, c, 3500, c, 7, a), "sparse");
        Map<Integer, Integer> all = new TreeMap<>();
        for (int number = 3; number < 60; number++) {
            all.put(number, a); // the pipes' ends are among these
        }
        check(all, "everywhere");
        sources.forEach(each -> all.put(each, b));
        check(all, "everywhere and where the others are");
    }

    private void check(Map<Integer, Integer> given, String how) throws IOException {
        LauncherBuilder builder = LaunchApp.sleep();
        given.forEach(builder::descriptor);
        Map<Integer, String> expected = new TreeMap<>(Map.of(0, PIPE, 1, PIPE, 2, PIPE));
        given.forEach((number, from) -> expected.put(number, files.get(from)));
        compare(builder, expected, how);
    }

    private void any() throws IOException {
        LauncherBuilder builder = LaunchApp.sleep();
        Map<Integer, String> expected = new TreeMap<>();
        for (int number = 0; number <= 2; number++) {
            expected.put(number, standard(builder, number));
        }
        for (int i = random.nextInt(16); i > 0; i--) {
            int number = random.nextBoolean() ? source() : 3 + random.nextInt(random.nextBoolean() ? 30 : 2000);
            if (!expected.containsKey(number)) {
                int from = source();
                builder.descriptor(number, from);
                expected.put(number, files.get(from));
            }
        }
        compare(builder, expected, builder.build().explain().toString());
    }

    private String standard(LauncherBuilder builder, int number) {
        int from = source();
        int kind = random.nextInt(3);
        Redirect nothing = Redirect.from(new File(NULL));
        switch (number) {
            case 0 -> builder.redirectInput(kind == 0 ? Redirect.PIPE : nothing);
            case 1 -> builder.redirectOutput(kind == 0 ? Redirect.PIPE : Redirect.DISCARD);
            default -> builder.redirectError(kind == 0 ? Redirect.PIPE : Redirect.DISCARD);
        }
        if (kind == 2) {
            switch (number) {
                case 0 -> builder.redirectInput(from);
                case 1 -> builder.redirectOutput(from);
                default -> builder.redirectError(from);
            }
        }
        return kind == 0 ? PIPE : kind == 1 ? NULL : files.get(from);
    }

    private void compare(LauncherBuilder builder, Map<Integer, String> expected, String how) throws IOException {
        ChildProcess child = builder.start();
        try {
            LaunchLook.awaitSleep(child.pid());
            String seen = LaunchLook.descriptors(child.pid());
            if (!seen.equals(expected.toString())) {
                wrong++;
                System.out.println(how + ": expected " + expected + ", seen " + seen);
            }
        } finally {
            child.destroyForcibly();
        }
    }
}

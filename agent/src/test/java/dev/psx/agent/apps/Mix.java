package dev.psx.agent.apps;

import dev.psx.spi.Program;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** What goes on in the process beside the broadcasts: activities whose pace changes at random. */
final class Mix {

    private static final boolean AARCH64 = System.getProperty("os.arch").equals("aarch64");
    private static final long KILL = AARCH64 ? 129 : 62;
    private static final int SIGQUIT = 3;

    /** Pauses in microseconds. A calm lets through a thousand broadcasts in the time of which a storm leaves only a few. */
    private enum Weather {
        CALM(8, Activity.OFF, Activity.OFF, Activity.OFF, 20_000, 5_000),
        BREEZE(2, Activity.OFF, 20_000, 5_000, 1_000),
        STORM(1, Activity.OFF, 1_000, 200, 0);

        private final int seconds;
        private final int[] pauses;

        Weather(int seconds, int... pauses) {
            this.seconds = seconds;
            this.pauses = pauses;
        }

        int draw(Random random) {
            return pauses[random.nextInt(pauses.length)];
        }

        /** For what cannot be switched off. */
        int drawPause(Random random) {
            int pause = draw(random);
            return pause == Activity.OFF ? 50_000 : pause;
        }
    }

    private final List<Activity> activities = new ArrayList<>();
    private final Figures seconds = new Figures();
    private final Random random;
    private long until;

    private Mix(Random random) {
        this.random = random;
    }

    /** Starts a crowd that stays and all activities. */
    static Mix start(Random random) throws InterruptedException {
        Crowd.start(1 + random.nextInt(6), random.nextInt(8), 1 + random.nextInt(3));
        Fixture.startChurn(1 + random.nextInt(2));
        Storm.start(1, 1);
        Mix mix = new Mix(random);
        mix.add("births", 2, 0, Mix::births);
        mix.add("allocations", 2, 0, Mix::allocate);
        mix.add("looks", 1, 0, Mix::looks);
        mix.add("overflows", 1, 1_000, Mix::overflow);
        mix.add("children", 1, 20_000, Mix::child);
        mix.add("dumps", 1, 500_000, Mix::dump);
        mix.add("broadcasts", 1, 200, mix.secondBroadcaster());
        virtualThreads().ifPresent(birth -> mix.add("virtual", 1, 1_000, birth));
        mix.change();
        return mix;
    }

    /** From time to time everybody gets another pace. */
    void blow() {
        if (System.nanoTime() - until > 0) {
            change();
        }
    }

    private void change() {
        Weather weather = Weather.values()[random.nextInt(Weather.values().length)];
        for (Activity activity : activities) {
            activity.pace(weather.draw(random));
        }
        Fixture.setChurnPause(weather.drawPause(random));
        Storm.setPause(weather.drawPause(random));
        until = System.nanoTime() + weather.seconds * 1_000_000_000L;
    }

    /** The broadcasts of another thread than the one that judges all tasks. */
    Figures seconds() {
        return seconds;
    }

    /** How often each activity has done its work. */
    String done() {
        StringBuilder text = new StringBuilder();
        for (Activity activity : activities) {
            text.append(activity).append(", ");
        }
        return text.append("raw tasks ")
                .append(Storm.rawBorn())
                .append(", native threads ")
                .append(Fixture.stopChurn())
                .append(", looks at the own uid ")
                .append(Storm.probes())
                .toString();
    }

    private void add(String name, int threads, int leastPause, Activity.Work work) {
        Activity activity = new Activity(name, leastPause, work);
        activities.add(activity);
        activity.start(threads);
    }

    private static void births() throws InterruptedException {
        Thread[] batch = new Thread[1 + ThreadLocalRandom.current().nextInt(8)];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = new Thread(Storm::probe);
            batch[i].start();
        }
        for (Thread thread : batch) {
            thread.join();
        }
    }

    private static void allocate() {
        byte[][] some = new byte[64][];
        for (int i = 0; i < some.length; i++) {
            some[i] = new byte[ThreadLocalRandom.current().nextInt(64 * 1024)];
        }
    }

    private static void looks() {
        for (int i = 0; i < 20; i++) {
            Storm.probe();
        }
    }

    private static void overflow() {
        try {
            deeper(0);
        } catch (StackOverflowError e) {
            Storm.probe();
        }
    }

    private static int deeper(int depth) {
        return 1 + deeper(depth + 1);
    }

    private static void child() throws IOException, InterruptedException {
        new ProcessBuilder("true").start().waitFor();
    }

    private static void dump() {
        Fixture.syscall(KILL, ProcessHandle.current().pid(), SIGQUIT, 0);
    }

    /** Two broadcasts never overlap, whoever asks for them. */
    private Activity.Work secondBroadcaster() {
        RunCounter runs = new RunCounter();
        Program program = new Program().add("write", runs.fd(), Fixture.one(), 8);
        return () -> {
            long begun = System.nanoTime();
            Answer answer = Answer.of(program);
            seconds.add(System.nanoTime() - begun, answer);
            runs.check("second broadcaster", answer.require("second broadcaster", Answer.DONE));
        };
    }

    /** From JDK 21 on. */
    private static Optional<Activity.Work> virtualThreads() {
        try {
            Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
            return Optional.of(() -> startVirtual(start));
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        }
    }

    private static void startVirtual(Method start) throws InterruptedException {
        AtomicLong ended = new AtomicLong();
        try {
            Thread[] batch = new Thread[100];
            for (int i = 0; i < batch.length; i++) {
                batch[i] = (Thread) start.invoke(null, (Runnable) () -> {
                    LockSupport.parkNanos(100_000);
                    Storm.probe();
                    ended.incrementAndGet();
                });
            }
            for (Thread thread : batch) {
                thread.join();
            }
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }
}

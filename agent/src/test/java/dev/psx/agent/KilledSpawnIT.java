package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.KilledSpawnApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A JVM is killed while four threads start children that give up their rights: what is left of them afterwards runs its program, with
 * exactly the rights that it was to have.
 */
@RootOnly
class KilledSpawnIT {

    /** How many JVMs are killed: {@code -Dpsx.kills=200}. */
    private static final int KILLS = Integer.getInteger("psx.kills", 3);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CHILDREN = 40;

    @EachJdk
    void noChildIsLeftHalfMade(Jdk jdk) throws IOException {
        int left = 0;
        for (int i = 0; i < KILLS; i++) {
            String name = "psx-killed-" + ProcessHandle.current().pid() + "-" + i;
            try (Child child = Jvm.of(jdk)
                    .nativeAccess()
                    .agent("")
                    .option("-Dname.of.children=" + name)
                    .start(KilledSpawnApp.class, name)) {
                for (int n = ThreadLocalRandom.current().nextInt(CHILDREN); n >= 0; n--) {
                    child.await("started");
                }
                Child.run(List.of("kill", "-KILL", Long.toString(child.pid())));
                left += judge(name);
            } finally {
                end(name);
            }
        }
        System.out.println(
                jdk + ": " + left + " children of " + KILLS + " killed JVMs run as asked, none is anything else");
        assertThat(left).isPositive();
    }

    /** Those on their way show the JVM's command line, until they have ended or run their program. */
    private static int judge(String name) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<Path> onTheirWay = processes(name, false);
        while (!onTheirWay.isEmpty()) {
            assertThat(System.nanoTime()).as(onTheirWay + " do not get on").isLessThan(deadline);
            Thread.onSpinWait();
            onTheirWay = processes(name, false);
        }
        List<Path> children = processes(name, true);
        for (Path child : children) {
            assertThat(Files.readString(child.resolve("status")))
                    .contains(
                            "Name:\tsleep\n",
                            "Uid:\t65534\t65534\t65534\t65534\n",
                            "Gid:\t65534\t65534\t65534\t65534\n")
                    .contains(
                            "CapPrm:\t0000000000000000\n", "CapEff:\t0000000000000000\n", "CapAmb:\t0000000000000000\n")
                    .contains("NoNewPrivs:\t1\n", "SigBlk:\t0000000000000000\n", "Umask:\t0027\n");
            assertThat(Files.readString(child.resolve("limits"))).containsPattern("Max open files +1024 +1024 ");
            assertThat(child.resolve("cwd").toRealPath())
                    .isEqualTo(Path.of("/usr/lib").toRealPath());
        }
        return children.size();
    }

    /** Processes that run their program, or whose command line has the name elsewhere. */
    private static List<Path> processes(String name, boolean runs) throws IOException {
        List<Path> found = new ArrayList<>();
        try (var all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                String line = commandLine(process);
                if (runs ? line.startsWith(name + "\0") : line.contains("=" + name + "\0")) {
                    found.add(process);
                }
            }
        }
        return found;
    }

    private static String commandLine(Path process) {
        try {
            return new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // it has ended meanwhile
        }
    }

    private static void end(String name) throws IOException {
        for (Path child : processes(name, true)) {
            ProcessHandle.of(Long.parseLong(child.getFileName().toString())).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}

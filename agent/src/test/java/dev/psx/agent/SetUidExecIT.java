package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.SetUidExecApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Fixtures;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A JVM that is not root becomes a set-uid program while threads are being created: the kernel gives that no ids if one of the
 * process's tasks is just making another. Each time a new JVM.
 */
@RootOnly
class SetUidExecIT {

    /** How many programs are executed; three thousand take some minutes: {@code -Dpsx.execs=3000}. */
    private static final int EXECS = Integer.getInteger("psx.execs", 16);

    /** From so many on some must have been lost where only the caller's own task is concerned. */
    private static final int SURELY = 3000;

    private static final int AT_A_TIME = 4;

    private Path directory;
    private Path program;

    @BeforeEach
    void makeProgram() throws Exception {
        directory = Files.createTempDirectory("psx-uid");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        program = Files.copy(Fixtures.uid(), directory.resolve("uid"));
        assertThat(Child.run(List.of("chmod", "4755", program.toString())).exitCode())
                .isZero();
    }

    @AfterEach
    void removeProgram() throws Exception {
        Files.delete(program);
        Files.delete(directory);
    }

    @EachJdk
    void itAlwaysGetsItsUid(Jdk jdk) throws Exception {
        assertThat(lost(jdk, "held")).isZero();
    }

    /** Negative control, which needs many to be sure of one: an execve that holds nobody. */
    @EachJdk
    void withoutHoldingTheOthersItMayNot(Jdk jdk) throws Exception {
        assertThat(lost(jdk, "plain")).isBetween(EXECS < SURELY ? 0 : 1, EXECS / 2);
    }

    private int lost(Jdk jdk, String way) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            List<Future<Boolean>> programs = new ArrayList<>();
            for (int i = 0; i < EXECS; i++) {
                int number = i;
                programs.add(threads.submit(() -> hasItsUid(jdk, way, number)));
            }
            int lost = 0;
            for (Future<Boolean> each : programs) {
                lost += each.get() ? 0 : 1;
            }
            System.out.println(jdk + " " + way + ": " + lost + " of " + EXECS + " set-uid programs lost their uid");
            return lost;
        } finally {
            threads.shutdownNow();
        }
    }

    private boolean hasItsUid(Jdk jdk, String way, int number) {
        Jvm jvm = Jvm.of(jdk)
                .fixture()
                .agent("give-up=30s")
                .option("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
                .through("setpriv", "--reuid=1000", "--regid=1000", "--clear-groups");
        try (Child child = jvm.start(SetUidExecApp.class, way, program.toString(), Integer.toString(number))) {
            assertThat(child.exitCode()).as(child.transcript()).isZero();
            String said =
                    child.await("uid "); // before it the JVM may complain: during a plain exec no thread can be made
            assertThat(said).isIn("uid 1000 0", "uid 1000 1000");
            return said.equals("uid 1000 0");
        }
    }
}

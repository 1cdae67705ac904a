package dev.psx.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** That the benchmarks run and print their tables, with as few rounds as they allow. What the figures are is not judged here. */
class BenchmarksIT {

    private static final String NUMBER = " \\d+ \\|";
    private static final String RATIO = " \\d+\\.\\d{3} \\|";

    @Test
    void theEngineBesideItsPeers() throws Exception {
        try (Application application = Application.run(
                "../native/bench/run.sh",
                "--repeats",
                "1",
                "--rounds",
                "1",
                "--rows",
                "10/0,12/2",
                "--engines",
                "psx,glibc,java",
                "--psx-lib",
                "same=" + engine())) {
            String heading = application.await("| tasks/spinning");
            assertThat(heading).contains(" psx | glibc | java | same | psx/fastest | psx/glibc | same/psx |");
            for (String row : new String[] {"| 10/0 |", "| 12/2 |"}) {
                assertThat(application.await(row).substring(row.length()))
                        .matches("(" + NUMBER + "){4}(" + RATIO + "){3}");
            }
            assertThat(application.exitCode()).isZero();
        }
    }

    private static Path engine() throws IOException {
        String directory = System.getProperty("os.arch").equals("aarch64") ? "linux-aarch64" : "linux-x86-64";
        return Path.of("../native/target/lib", directory, "libpsx-engine.so").toRealPath();
    }

    @Test
    void theCostsOfTheAgent() throws Exception {
        try (Application application = Application.run("benchmarks/run.sh", "costs", "1", "10")) {
            for (String benchmark : new String[] {"execLock", "threadStartAndJoin"}) {
                assertThat(application.await("| " + Runtime.version().feature()))
                        .matches("\\| [^|]+\\| " + benchmark + " \\|" + NUMBER + NUMBER + RATIO);
            }
            assertThat(application.exitCode()).isZero();
        }
    }

    @Test
    void theApplicationsViewOfTheBreak() throws Exception {
        try (Application application = Application.run("benchmarks/run.sh", "pause", "0")) {
            for (String row : new String[] {
                "| nothing | 0 |", "| a broadcast | 0 |", "| nothing | 32 |", "| a broadcast | 32 |", "| what G1"
            }) {
                assertThat(application.await(row)).matches(".*\\|" + NUMBER + NUMBER + NUMBER + " \\d+\\.\\d \\|");
            }
            assertThat(application.exitCode()).isZero();
        }
    }

    @Test
    void aWholeProgramBesideOneCall() throws Exception {
        Root.required();
        try (Application application = Application.run("benchmarks/run.sh", "program", "1")) {
            for (String row : new String[] {"nothing", "what a drop does"}) {
                assertThat(application.await("| 55 | " + row)).matches(".*\\|" + NUMBER + NUMBER + RATIO);
            }
            application.await("| calls | what they do | psx | two visits | alone");
            for (String row : new String[] {"1 | nothing", "55 | nothing", "55 | what a drop does"}) {
                assertThat(application.await("| " + row + " |")).matches(".*\\|(" + NUMBER + "){4}(" + RATIO + "){3}");
            }
            assertThat(application.exitCode()).isZero();
        }
    }

    @Test
    void childrenBesideThoseOfOthers() throws Exception {
        String time = " \\d+ \\(\\d+\\) \\|";
        String perhaps = "( - \\||" + time + ")";
        try (Application application = Application.run(
                "benchmarks/run.sh spawn --rounds 1 --milliseconds 1 --warm-up 1 --memory 32 --threads 2".split(" "))) {
            for (String streams : new String[] {"inherit", "pipes"}) {
                boolean bare = streams.equals("inherit");
                assertThat(application.await("| " + Runtime.version().feature()))
                        .matches("\\| [^|]+\\| 32/2 \\| " + streams + " \\|"
                                + (time + time + (bare ? time : " - \\|") + perhaps + time + time + time + time)
                                + (RATIO + (bare ? RATIO : " - \\|") + RATIO + RATIO + RATIO + RATIO));
            }
            assertThat(application.exitCode()).isZero();
        }
    }

    @Test
    void theCostsOfChildrenThatLive() throws Exception {
        try (Application application = Application.run("benchmarks/run.sh", "alive", "3")) {
            for (String how : new String[] {"launcher", "launcher, with agent", "builder", "builder, with agent"}) {
                String row = application.await("| " + Runtime.version().feature());
                assertThat(row).matches("\\| [^|]+\\| 3 \\| " + how + " \\| \\d+ \\| -?\\d+ \\| -?\\d+\\.\\d\\d \\|.*");
                assertThat(row).contains(how.startsWith("launcher") ? "1 psx children" : "3 process reaper");
            }
            assertThat(application.exitCode()).isZero();
        }
    }
}

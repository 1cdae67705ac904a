package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.ExecApp;
import dev.psx.agent.apps.ExecErrorsApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** A JVM that becomes another program. */
class ExecIT {

    /** Nothing behind the error: all is as it was. */
    private static final List<String> ERRORS = """
            missing = execve ENOENT
            relative = execve ENOENT
            empty = execve ENOENT
            directory = execve EACCES
            below a file = execve ENOTDIR
            not executable = execve EACCES
            no format = execve ENOEXEC
            wrong architecture = execve ENOEXEC
            no interpreter = execve ENOENT
            loop = execve ELOOP
            long name = execve ENAMETOOLONG
            long path = execve ENAMETOOLONG
            long argument = execve E2BIG
            long variable = execve E2BIG
            closed descriptor = fcntl EBADF
            negative descriptor = refused
            nul in path = refused
            nul in argument = refused
            nul in name = refused
            nul in value = refused
            no arguments = refused
            open for writing = execve ETXTBSY
            done
            """.lines().toList();

    @TempDir
    Path directory;

    @EachJdk
    void anErrorLeavesAllAsItWas(Jdk jdk) {
        try (Child child = Jvm.of(jdk).nativeAccess().agent("").start(ExecErrorsApp.class, directory.toString())) {
            child.await("done");
            assertThat(child.stdout()).isEqualTo(ERRORS);
            assertThat(child.exitCode()).as(child.transcript()).isZero();
        }
    }

    @EachJdk
    void theProgramTakesThePlaceOfTheJvm(Jdk jdk) {
        try (Child child = Jvm.of(jdk).nativeAccess().agent("").start(ExecApp.class)) {
            assertThat(child.exitCode()).as(child.transcript()).isZero();
            String kept = child.await("pid ").replaceAll(".* ", "");
            assertThat(child.stdout())
                    .containsSubsequence(
                            "missing = execve ENOENT",
                            "directory = execve EACCES",
                            "closed descriptor = fcntl EBADF",
                            "no arguments = refused",
                            "alive = true",
                            "pid " + child.pid() + " kept " + kept,
                            "argv zero one",
                            "environment b",
                            "Pid: " + child.pid(),
                            "SigBlk: 0000000000000000",
                            "open " + kept)
                    .filteredOn(line -> line.startsWith("open"))
                    .hasSize(1);
        }
    }
}

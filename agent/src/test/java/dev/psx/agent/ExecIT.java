package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.ExecApp;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;

/** A JVM that becomes another program. */
class ExecIT {

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

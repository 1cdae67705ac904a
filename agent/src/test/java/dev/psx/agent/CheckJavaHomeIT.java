package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.testing.Checked;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.Trees;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The Java runtime where only root gets at it. */
@RootOnly
class CheckJavaHomeIT {

    @TempDir
    Path directory;

    @BeforeEach
    void open() {
        Trees.mode(directory, "rwxr-xr-x");
    }

    @AfterEach
    void delete() {
        Trees.delete(directory);
    }

    @EachJdk
    void aReadableOneIsFine(Jdk jdk) {
        Jdk copy = new Jdk(Trees.linked(jdk.home(), directory.resolve("jdk")), jdk.version());
        try (Child jvm = Checked.start(Checked.jvm(copy))) {
            Checked.assertFinds(jdk, jvm);
            Checked.drop(jvm);
            assertThat(jvm.ask("child")).startsWith("ok exit 0");
        }
    }

    @EachJdk
    void belowAClosedDirectory(Jdk jdk) {
        Path closed = Trees.directory(directory, "closed", "rwx------");
        Jdk copy = new Jdk(Trees.linked(jdk.home(), closed.resolve("jdk")), jdk.version());
        try (Child jvm = Checked.start(Checked.jvm(copy))) {
            String output = Checked.assertFinds(jdk, jvm, "java-home");
            assertThat(output).contains(closed + " (mode 700, owner 0:0) may not be searched by nobody");
            Checked.drop(jvm);
            assertThat(jvm.ask("child"))
                    .startsWith("failed java.io.IOException")
                    .containsPattern("error[=:] ?13");
        }
    }

    @EachJdk
    void helperThatStartsProcesses(Jdk jdk) {
        Jdk copy = new Jdk(Trees.linked(jdk.home(), directory.resolve("jdk")), jdk.version());
        Trees.own(copy.home().resolve("lib/jspawnhelper"), "rwxr--r--");
        try (Child jvm = Checked.start(Checked.jvm(copy))) {
            String output = Checked.assertFinds(jdk, jvm, "java-home");
            assertThat(output).contains("no process can be started", "lib/jspawnhelper");
            Checked.drop(jvm);
            assertThat(jvm.ask("child")).startsWith("failed java.io.IOException");
        }
    }

    @EachJdk
    void oneFileThatIsNeededLate(Jdk jdk) {
        Jdk copy = new Jdk(Trees.linked(jdk.home(), directory.resolve("jdk")), jdk.version());
        Trees.own(copy.home().resolve("lib/tzdb.dat"), "rw-------");
        try (Child jvm = Checked.start(Checked.jvm(copy))) {
            String output = Checked.assertFinds(jdk, jvm, "java-home");
            assertThat(output).contains("1 of ", "(lib/tzdb.dat)");
            Checked.drop(jvm);
            assertThat(jvm.ask("zone")).startsWith("failed ");
        }
    }
}

package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.testing.Checked;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Files that are open when the drop comes: logs that will be rotated, recordings, the application's own. */
@RootOnly
class CheckFilesIT {

    private static final int NOBODY = 65534;

    @TempDir
    Path directory;

    private Path roots;
    private Path everybodys;
    private Path sticky;

    @BeforeEach
    void directories() throws IOException {
        Trees.mode(directory, "rwxr-xr-x");
        roots = Trees.directory(directory, "roots", "rwxr-xr-x");
        everybodys = Trees.directory(directory, "everybodys", "rwxrwxrwx");
        sticky = Trees.directory(directory, "sticky", "rwxrwxrwx");
        Files.setAttribute(sticky, "unix:mode", 01777);
    }

    @EachJdk
    void collectorsLogThatRotates(Jdk jdk) {
        for (Path place : List.of(roots, sticky)) {
            try (Child jvm = Checked.start(Checked.jvm(jdk).option(log(place, "")))) {
                assertThat(Checked.assertFinds(jdk, jvm, "vm-log")).contains("cannot rotate its log " + place);
                Checked.drop(jvm);
                assertThat(rotate(jdk, jvm)).contains("Could not rename log file");
            }
        }
        try (Child jvm = Checked.start(Checked.jvm(jdk).option(log(everybodys, ":filecount=3,filesize=1M")))) {
            Checked.assertFinds(jdk, jvm);
            Checked.drop(jvm);
            assertThat(rotate(jdk, jvm)).doesNotContain("Could not");
        }
    }

    @EachJdk
    void collectorsLogThatDoesNotRotate(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.jvm(jdk).option(log(roots, ":filecount=0")))) {
            Checked.assertFinds(jdk, jvm);
        }
    }

    private static String log(Path directory, String options) {
        return "-Xlog:gc*:file=" + directory + "/gc-%p.log:uptime" + options;
    }

    private static String rotate(Jdk jdk, Child jvm) {
        List<String> words = List.of(jdk.tool("jcmd").toString(), Long.toString(jvm.pid()), "VM.log", "rotate");
        try (Child jcmd = Child.run(words)) {
            assertThat(jcmd.exitCode()).as(jcmd.transcript()).isZero();
            return jcmd.transcript() + jvm.transcript();
        }
    }

    @EachJdk
    void recordingOfRoot(Jdk jdk) throws IOException {
        Path file = roots.resolve("recording.jfr");
        Path repository = Trees.directory(directory, "repository", "rwxr-xr-x");
        String[] options = {
            "-XX:StartFlightRecording:dumponexit=true,filename=" + file,
            "-XX:FlightRecorderOptions:repository=" + repository
        };
        try (Child jvm = Checked.start(Checked.jvm(jdk).option(options))) {
            assertThat(Checked.assertFinds(jdk, jvm, "flight-recorder", "flight-recorder"))
                    .contains("cannot be written to its file: " + roots, "the recording cannot go on: " + repository);
            Checked.drop(jvm);
            jvm.finish();
            assertThat(Files.exists(file) && Files.size(file) > 0)
                    .as(jvm.transcript())
                    .isFalse();
        }
    }

    @EachJdk
    void filesThatTheApplicationWrites(Jdk jdk) throws IOException {
        Path file = Files.createFile(roots.resolve("state"));
        Path other = Trees.owned(Files.createFile(roots.resolve("given")), NOBODY);
        Path own = Trees.owned(Files.createFile(everybodys.resolve("own")), NOBODY);
        try (Child jvm = Checked.start(Checked.jvm(jdk))) {
            jvm.ask("hold " + own);
            Checked.assertFinds(jdk, jvm);
            jvm.ask("hold " + file);
            assertThat(Checked.assertFinds(jdk, jvm, "open-for-writing"))
                    .contains(file + " cannot be opened for writing again");
            jvm.ask("hold " + other);
            assertThat(Checked.assertFinds(jdk, jvm, "open-for-writing", "open-for-writing"))
                    .contains(other + " cannot be renamed or replaced");
            Checked.drop(jvm);
            assertThat(jvm.ask("reopen " + file)).startsWith("failed ").contains("Permission denied");
            assertThat(jvm.ask("reopen " + other)).startsWith("ok ");
            assertThat(jvm.ask("reopen " + own)).startsWith("ok ");
        }
    }

    /** Nothing breaks, but it is a way to what the drop should keep away. */
    @EachJdk
    void secretsThatStayOpen(Jdk jdk) throws IOException {
        Path secret = Files.writeString(everybodys.resolve("secret"), "key\n");
        Trees.mode(secret, "rw-------");
        try (Child jvm = Checked.start(Checked.jvm(jdk))) {
            jvm.ask("hold-read " + secret);
            assertThat(Checked.assertFinds(jdk, jvm, "open-files"))
                    .contains("worth knowing:", secret.toString(), "feasible: nothing breaks");
            Checked.drop(jvm);
            assertThat(jvm.ask("reopen " + secret)).startsWith("failed ");
            assertThat(jvm.ask("held")).isEqualTo("ok key");
        }
    }

    /** Looking for what can be written must not write. */
    @EachJdk
    void nothingIsLeftBehind(Jdk jdk) throws IOException {
        try (Child jvm = Checked.start(
                Checked.jvm(jdk).option("-Djava.io.tmpdir=" + everybodys, "-XX:HeapDumpPath=" + everybodys))) {
            Checked.assertFinds(jdk, jvm);
            try (Stream<Path> left = Files.list(everybodys)) {
                assertThat(left).isEmpty();
            }
        }
    }
}

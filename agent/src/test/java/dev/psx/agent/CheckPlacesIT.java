package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.testing.Checked;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Fixtures;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Directories that the JVM writes to, or begins in. */
@RootOnly
class CheckPlacesIT {

    @TempDir
    Path directory;

    private Path closed;
    private Path open;

    @BeforeEach
    void directories() {
        Trees.mode(directory, "rwxr-xr-x");
        closed = Trees.directory(directory, "closed", "rwx------");
        open = Trees.directory(directory, "open", "rwxrwxrwx");
    }

    @EachJdk
    void temporaryDirectoryOfRoot(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.jvm(jdk).option("-Djava.io.tmpdir=" + closed))) {
            assertThat(Checked.assertFinds(jdk, jvm, "tmpdir"))
                    .contains("no temporary file can be made", closed + " (mode 700");
            Checked.drop(jvm);
            assertThat(jvm.ask("temp")).startsWith("failed java.nio.file.AccessDeniedException");
        }
        try (Child jvm = Checked.start(Checked.jvm(jdk).option("-Djava.io.tmpdir=" + open))) {
            Checked.assertFinds(jdk, jvm);
            Checked.drop(jvm);
            assertThat(jvm.ask("temp")).startsWith("ok " + open);
        }
    }

    /** Mounted where only that JVM sees it: the check must look with its eyes. */
    @EachJdk
    void temporaryDirectoryThatIsReadOnly(Jdk jdk) {
        try (Child jvm = Checked.start(mounted(Checked.jvm(jdk), "ro").option("-Djava.io.tmpdir=" + open))) {
            assertThat(Checked.assertFinds(jdk, jvm, "tmpdir"))
                    .contains(open + " is on a file system that is mounted read-only");
            Checked.drop(jvm);
            assertThat(jvm.ask("temp"))
                    .startsWith("failed java.nio.file.FileSystemException")
                    .contains("Read-only");
        }
    }

    @EachJdk
    void temporaryDirectoryWithoutExecution(Jdk jdk) {
        try (Child jvm = Checked.start(mounted(Checked.jvm(jdk), "noexec").option("-Djava.io.tmpdir=" + open))) {
            assertThat(Checked.assertFinds(jdk, jvm, "tmpdir")).contains("mounted noexec");
            Checked.drop(jvm);
            assertThat(jvm.ask("unpack " + Fixtures.library())).startsWith("failed java.lang.UnsatisfiedLinkError");
        }
        try (Child jvm = Checked.start(mounted(Checked.jvm(jdk), "exec").option("-Djava.io.tmpdir=" + open))) {
            Checked.assertFinds(jdk, jvm);
            Checked.drop(jvm);
            assertThat(jvm.ask("unpack " + Fixtures.library())).isEqualTo("ok unpacked");
        }
    }

    private Jvm mounted(Jvm jvm, String options) {
        String mount = "mount -t tmpfs -o mode=1777," + options + " none " + open + " && exec \"$@\"";
        return jvm.through("unshare", "--mount", "sh", "-c", mount, "sh");
    }

    @EachJdk
    void workingDirectoryOfRoot(Jdk jdk) {
        Jvm begins = Checked.in(closed, jdk)
                .option("-XX:+PerfDisableSharedMem", "-Duser.name=nobody", "-Duser.home=/var/tmp");
        try (Child jvm = Checked.start(begins)) {
            assertThat(Checked.assertFinds(jdk, jvm, "cwd")).contains(closed + " is out of reach");
            Checked.drop(jvm);
            assertThat(jvm.ask("relative some.file")).startsWith("failed java.nio.file.AccessDeniedException");
        }
    }

    @EachJdk
    void heapDump(Jdk jdk) {
        for (String path : List.of(closed.toString(), closed + "/heap.hprof")) {
            Jvm dumps = Checked.jvm(jdk).option("-XX:+HeapDumpOnOutOfMemoryError", "-XX:HeapDumpPath=" + path);
            try (Child jvm = Checked.start(dumps)) {
                assertThat(Checked.assertFinds(jdk, jvm, "heap-dump"))
                        .contains("no heap dump can be written: " + closed);
            }
        }
        Jvm dumps = Checked.jvm(jdk).option("-XX:+HeapDumpOnOutOfMemoryError", "-XX:HeapDumpPath=" + open);
        try (Child jvm = Checked.start(dumps)) {
            Checked.assertFinds(jdk, jvm);
            Checked.drop(jvm);
            assertThat(dump(jdk, jvm, closed.resolve("heap"))).contains("Permission denied");
            assertThat(dump(jdk, jvm, open.resolve("heap"))).contains("Heap dump file created");
        }
    }

    /** Without a path it goes to the working directory, which is the root of the file system here. */
    @EachJdk
    void heapDumpWithoutAPath(Jdk jdk) {
        try (Child jvm = Checked.start(Checked.jvm(jdk).option("-XX:+HeapDumpOnOutOfMemoryError"))) {
            assertThat(Checked.assertFinds(jdk, jvm, "heap-dump")).contains("/ (mode ");
        }
    }

    @EachJdk
    void errorFile(Jdk jdk) throws IOException {
        try (Child jvm = Checked.start(Checked.jvm(jdk).option("-XX:ErrorFile=" + closed + "/hs_err_%p.log"))) {
            assertThat(Checked.assertFinds(jdk, jvm, "error-file")).contains(closed + " (mode 700");
            Checked.drop(jvm);
            crash(jvm);
            assertThat(closed.resolve("hs_err_" + jvm.pid() + ".log")).doesNotExist();
        }
        try (Child jvm = Checked.start(Checked.jvm(jdk).option("-XX:ErrorFile=" + open + "/hs_err_%p.log"))) {
            Checked.assertFinds(jdk, jvm);
            Checked.drop(jvm);
            crash(jvm);
            assertThat(open.resolve("hs_err_" + jvm.pid() + ".log")).isNotEmptyFile();
        }
    }

    private static void crash(Child jvm) throws IOException {
        try (Child kill = Child.run(List.of("kill", "-SEGV", Long.toString(jvm.pid())))) {
            assertThat(kill.exitCode()).isZero();
        }
        assertThat(jvm.exitCode()).isNotZero();
        Files.deleteIfExists(Path.of("/tmp/hs_err_pid" + jvm.pid() + ".log")); // the JVM's second choice
    }

    private static String dump(Jdk jdk, Child jvm, Path file) {
        List<String> words =
                List.of(jdk.tool("jcmd").toString(), Long.toString(jvm.pid()), "GC.heap_dump", file.toString());
        try (Child jcmd = Child.run(words)) {
            return jcmd.transcript();
        }
    }
}

package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.apps.ForkRows;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** With a profile the JDK's children are made by the engine: all that an application sees of them is as without. */
@RootOnly
class ForkedRowsIT {

    @TempDir
    private Path directory;

    @BeforeEach
    void layOut() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        file("good/tool", "#!/bin/sh\necho the tool $1\n", true);
        file("good/script", "echo \"script $0 <$1> <$2>\" | sed s,/.*/,,\n", true);
        file("good/bad-interpreter", "#!/no/such/interpreter\n", true);
        file("denied/tool", "#!/bin/sh\necho wrong\n", false);
        file("denied/denied-only", "#!/bin/sh\n", false);
        file("good/loop", "#!/bin/sh\necho not a loop\n", true);
        Files.createSymbolicLink(directory.resolve("denied/loop"), Path.of("loop"));
        file("in-the-working-directory", "#!/bin/sh\necho $0\n", true);
        file("elsewhere/only-there", "#!/bin/sh\n", true);
    }

    private void file(String name, String content, boolean executable) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    @EachJdk
    void theyAreTheSame(Jdk jdk) {
        List<String> without = rows(Jvm.of(jdk));
        assertThat(without).hasSizeGreaterThan(50).contains("plain = [out] [err] 7", "descriptors left = 0");
        assertThat(rows(Jvm.of(jdk).option("-Xverify:all").agent("child-no-new-privs=yes,log=warn")))
                .containsExactlyElementsOf(without);
    }

    /** But for what the user may do; the message says so. */
    @EachJdk
    void aUserWhoMayLessSeesTheSame(Jdk jdk) {
        String[] some = {"plain", "behind what is denied", "script without interpreter", "missing", "pipeline"};
        assertThat(rows(Jvm.of(jdk).agent("child-user=nobody,log=warn"), some))
                .containsExactlyElementsOf(rows(Jvm.of(jdk), some));
        assertThat(rows(Jvm.of(jdk).agent("child-user=nobody,log=warn"), "denied"))
                .singleElement()
                .asString()
                .containsAnyOf("error=13, Permission denied; ", "error: 13 (Permission denied) ")
                .endsWith("children run as nobody (child-user): may that user execute it?");
    }

    /** Then the JDK looks into the working directory for a child with an environment, and not for one without. */
    @EachJdk
    void withoutAPathTheyAreTheSame(Jdk jdk) {
        String[] some = {"from the working directory", "from the working directory with an environment"};
        List<String> without = rows(Jvm.of(jdk), "cd " + directory + "; unset PATH", some);
        assertThat(without).hasSize(2);
        assertThat(rows(Jvm.of(jdk).agent("child-no-new-privs=yes,log=warn"), "cd " + directory + "; unset PATH", some))
                .containsExactlyElementsOf(without);
        List<String> empty = rows(Jvm.of(jdk), "cd " + directory + "; PATH=:/bin", some);
        assertThat(rows(Jvm.of(jdk).agent("child-no-new-privs=yes,log=warn"), "cd " + directory + "; PATH=:/bin", some))
                .containsExactlyElementsOf(empty);
    }

    /** The property is without effect where there is a profile. */
    @EachJdk
    void theLaunchMechanismDoesNotMatter(Jdk jdk) {
        for (String mechanism : List.of("FORK", "VFORK", "POSIX_SPAWN")) {
            Jvm jvm = Jvm.of(jdk)
                    .option("-Djdk.lang.Process.launchMechanism=" + mechanism)
                    .agent("child-no-new-privs=yes,log=warn");
            assertThat(rows(jvm, "plain", "script without interpreter", "environment"))
                    .as(mechanism)
                    .containsExactly(
                            "plain = [out] [err] 7",
                            "environment = [here] [] 0",
                            "script without interpreter = [script script <a b> <c>] [] 0");
        }
    }

    /** With a descriptor that every child would inherit, and files of that name that may not be executed first in PATH. */
    private List<String> rows(Jvm jvm, String... only) {
        return rows(jvm, ":", only);
    }

    /** @param before what a shell does that becomes the JVM */
    private List<String> rows(Jvm jvm, String before, String[] only) {
        String path = directory + "/denied:" + directory + "/good:/missing:/usr/bin:/bin";
        jvm.through("sh", "-c", before + "; exec \"$@\" 9</dev/null", "sh")
                .environment("PATH", path)
                .environment("HERE", "here")
                .environment("LC_ALL", "C.UTF-8");
        String[] arguments = new String[only.length + 1];
        arguments[0] = directory.toString();
        System.arraycopy(only, 0, arguments, 1, only.length);
        try (Child child = jvm.start(ForkRows.class, arguments)) {
            child.await("done");
            assertThat(child.finish()).as(child.transcript()).isZero();
            return child.stdout().stream()
                    .filter(line -> !line.equals("done") && (only.length == 0 || !line.startsWith("descriptors left")))
                    .toList();
        }
    }
}

package dev.psx.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.psx.agent.instrument.relocated.channel.unix.Socket;
import dev.psx.agent.testing.Artifacts;
import dev.psx.agent.testing.Checked;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.EachJdk;
import dev.psx.agent.testing.Jars;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.agent.testing.RootOnly;
import dev.psx.agent.testing.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Class path, module path, agents and boot append where only root gets at them. */
@RootOnly
class CheckCodeIT {

    private static final String LAZY_CLASS = "dev.psx.agent.apps.NoExit";
    private static final String LAZY = "class " + LAZY_CLASS;

    @TempDir
    Path directory;

    private Path closed;

    @BeforeEach
    void directories() {
        Trees.mode(directory, "rwxr-xr-x");
        closed = Trees.directory(directory, "closed", "rwx------");
    }

    /** The directory is in use, and still a class that is first used later is not found. */
    @EachJdk
    void directoryOfClasses(Jdk jdk) {
        Path classes = Trees.copy(Artifacts.testClasses(), closed.resolve("classes"));
        try (Child jvm = Checked.start(Checked.jvm(jdk).classPath(List.of(classes)))) {
            assertThat(Checked.assertFinds(jdk, jvm, "class-path"))
                    .contains("breaks:", "class-path: " + classes, closed + " (mode 700");
            Checked.drop(jvm);
            assertThat(jvm.ask(LAZY)).startsWith("failed java.lang.ClassNotFoundException");
        }
        Trees.mode(closed, "rwxr-xr-x");
        try (Child jvm = Checked.start(Checked.jvm(jdk).classPath(List.of(classes)))) {
            Checked.assertFinds(jdk, jvm);
            Checked.drop(jvm);
            assertThat(jvm.ask(LAZY)).startsWith("ok ");
        }
    }

    @EachJdk
    void oneClassFile(Jdk jdk) {
        Path classes = Trees.copy(Artifacts.testClasses(), directory.resolve("classes"));
        Path file = classes.resolve(LAZY_CLASS.replace('.', '/') + ".class");
        Trees.mode(file, "rw-------");
        try (Child jvm = Checked.start(Checked.jvm(jdk).classPath(List.of(classes)))) {
            assertThat(Checked.assertFinds(jdk, jvm, "class-path")).contains(file + " (mode 600");
            Checked.drop(jvm);
            assertThat(jvm.ask(LAZY)).startsWith("failed ");
        }
    }

    /** As root leaves them who unpacks with a strict umask: one thing to mend, not a thousand. */
    @EachJdk
    void allClassFiles(Jdk jdk) throws IOException {
        Path classes = Trees.copy(Artifacts.testClasses(), directory.resolve("classes"));
        try (Stream<Path> tree = Files.walk(classes)) {
            tree.filter(Files::isRegularFile).forEach(file -> Trees.mode(file, "rw-------"));
        }
        try (Child jvm = Checked.start(Checked.jvm(jdk).classPath(List.of(classes)))) {
            assertThat(Checked.assertFinds(jdk, jvm, "class-path")).containsPattern(" and \\d\\d+ more cannot be read");
        }
    }

    /** Nothing of it has been used: the JVM has not opened it. */
    @EachJdk
    void jarThatIsNotInUseYet(Jdk jdk) throws IOException {
        Path jar = jar("lazy.jar", "X-Test");
        try (Child jvm = Checked.start(Checked.jvm(jdk).addToClassPath(List.of(jar)))) {
            assertThat(Checked.assertFinds(jdk, jvm, "class-path")).contains("breaks:", "class-path: " + jar);
        }
    }

    /** What the manifest of a jar names is part of the class path. */
    @EachJdk
    void jarThatAManifestNames(Jdk jdk) throws IOException {
        Path jar = jar("lazy.jar", "X-Test");
        Path first = Jars.create(directory.resolve("first.jar"), "Class-Path", "file:x " + jar, List.of());
        try (Child jvm = Checked.start(Checked.jvm(jdk).addToClassPath(List.of(first)))) {
            assertThat(Checked.assertFinds(jdk, jvm, "class-path")).contains("class-path: " + jar);
        }
    }

    @EachJdk
    void bootAppendAgentAndModules(Jdk jdk) throws IOException {
        Path boot = jar("boot.jar", "X-Test");
        Path agent = jar("agent.jar", "Premain-Class", CheckCodeIT.Agent.class);
        Path modules = Files.createDirectory(closed.resolve("modules"));
        Path options = directory.resolve("options");
        Files.writeString(options, "-Xbootclasspath/a:\"" + boot + "\" # of the application\n--module-path " + modules);
        try (Child jvm = Checked.start(Checked.jvm(jdk).option("@" + options, "-javaagent:" + agent + "=any"))) {
            assertThat(Checked.assertFinds(jdk, jvm, "boot-append", "agent", "module-path"))
                    .contains("boot-append: " + boot, "agent: " + agent, "module-path: " + modules);
        }
    }

    /** Each is lost after the drop, and only because the directory is closed. */
    @EachJdk
    void childrenNeedBootAppendAndAgent(Jdk jdk) throws IOException {
        Path boot = jar("boot.jar", "X-Test", CheckCodeIT.Agent.class);
        Path agent = jar("agent.jar", "Premain-Class", CheckCodeIT.Agent.class);
        String main = CheckCodeIT.Agent.class.getName();
        String java = "spawn " + jdk.tool("java");
        for (boolean open : new boolean[] {false, true}) {
            Trees.mode(closed, open ? "rwxr-xr-x" : "rwx------");
            Jvm uses = Checked.jvm(jdk).option("-Xbootclasspath/a:" + boot, "-javaagent:" + agent + "=any");
            try (Child jvm = Checked.start(uses)) {
                Checked.assertFinds(jdk, jvm, open ? new String[0] : new String[] {"boot-append", "agent"});
                Checked.drop(jvm);
                assertThat(jvm.ask(java + " -Xbootclasspath/a:" + boot + " -cp / " + main))
                        .startsWith(open ? "ok exit 0 it runs" : "ok exit 1 ");
                assertThat(jvm.ask(java + " -javaagent:" + agent + "=any -version"))
                        .startsWith(open ? "ok exit 0 " : "ok exit 1 ");
            }
        }
    }

    @EachJdk
    void modulesAreOpenedWhenAClassIsNeeded(Jdk jdk) throws IOException {
        Path modules = Files.createDirectory(closed.resolve("modules"));
        Files.move(jar("modular.jar", "X-Test", Socket.class), modules.resolve("modular.jar"));
        for (boolean open : new boolean[] {false, true}) {
            Trees.mode(closed, open ? "rwxr-xr-x" : "rwx------");
            Jvm uses = Checked.jvm(jdk).option("--module-path", modules.toString(), "--add-modules", "modular");
            try (Child jvm = Checked.start(uses)) {
                Checked.assertFinds(jdk, jvm, open ? new String[0] : new String[] {"module-path"});
                Checked.drop(jvm);
                assertThat(jvm.ask("class " + Socket.class.getName()))
                        .startsWith(open ? "ok " : "failed java.lang.ClassNotFoundException");
            }
        }
    }

    private Path jar(String name, String attribute, Class<?>... classes) throws IOException {
        String value = classes.length == 0 ? "x" : classes[0].getName();
        Path open = Jars.create(directory.resolve(name), attribute, value, List.of(classes));
        return Files.copy(open, closed.resolve(name));
    }

    /** An agent that does nothing. */
    public static final class Agent {

        private Agent() {}

        public static void premain(String options) {
            System.setProperty("checked.agent", options);
        }

        public static void main(String[] arguments) {
            System.out.println("it runs");
        }
    }
}

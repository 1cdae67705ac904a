package dev.psx.agent.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnCommandLineTest {

    private static final String MAIN = "dev.psx.agent.AgentMain";

    private final String command = System.getProperty("sun.java.command");
    private final String classPath = System.getProperty("java.class.path");

    @TempDir
    Path directory;

    private File ownJar;

    @BeforeEach
    void writeJar() throws IOException {
        ownJar = jar("psx-agent.jar", MAIN);
    }

    @AfterEach
    void restore() {
        System.setProperty("java.class.path", classPath);
        if (command == null) {
            System.clearProperty("sun.java.command");
        } else {
            System.setProperty("sun.java.command", command);
        }
    }

    @Test
    void isRecognisedHoweverItIsStarted() throws IOException {
        File copy = jar("psx-agent-copy.jar", MAIN);

        assertThat(isRunning(ownJar.getPath(), ownJar + " status 1")).isTrue();
        assertThat(isRunning(ownJar.getPath(), ownJar.getPath())).isTrue();
        assertThat(isRunning(copy.getPath(), copy + " version")).isTrue();
        assertThat(isRunning("x.jar:" + ownJar, MAIN + " status 1")).isTrue();
    }

    @Test
    void anApplicationIsNotTakenForIt() throws IOException {
        File application = jar("psx-agent-demo.jar", "com.acme.Main");

        assertThat(isRunning("classes", "com.acme.Main psx-agent.jar")).isFalse();
        assertThat(isRunning(ownJar.getPath(), "com.acme.Main")).isFalse();
        assertThat(isRunning(application.getPath(), application.getPath())).isFalse();
        assertThat(isRunning("missing/psx-agent.jar", "missing/psx-agent.jar x"))
                .isFalse();
        assertThat(isRunning(ownJar.getPath(), MAIN + "Other")).isFalse();
        assertThat(isRunning("", " x")).isFalse();
    }

    private boolean isRunning(String path, String words) {
        System.setProperty("java.class.path", path);
        System.setProperty("sun.java.command", words);
        return OwnCommandLine.isRunning(ownJar);
    }

    private File jar(String name, String mainClass) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
        Path jar = directory.resolve(name);
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar.toFile();
    }
}

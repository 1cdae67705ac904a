package dev.psx.agent.bootstrap;

import java.io.File;
import java.io.IOException;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * Recognises {@code java -jar psx-agent.jar COMMAND}. A JVM that inherits the agent by JAVA_TOOL_OPTIONS would otherwise drop the
 * privileges that {@code status} needs to look at another process.
 */
public final class OwnCommandLine {

    private static final String MAIN = "dev.psx.agent.AgentMain";

    private OwnCommandLine() {}

    /** Tells whether this JVM has been started to run a command of the agent, from this jar or another copy of it. */
    public static boolean isRunning(File ownJar) {
        String command = System.getProperty("sun.java.command");
        if (command == null) {
            return false;
        }
        if (startsWith(command, MAIN)) {
            return true;
        }
        String classPath = System.getProperty("java.class.path", "");
        if (!startsWith(command, classPath)) {
            return false;
        }
        File program = new File(classPath);
        // Opening every application's jar here would cost its start-up time.
        boolean likely =
                program.getName().equals(ownJar.getName()) || program.getName().startsWith("psx-agent");
        return likely && MAIN.equals(mainClass(program));
    }

    private static boolean startsWith(String command, String program) {
        return command.equals(program) || command.startsWith(program + " ");
    }

    /** Returns null if there is none; then the JVM will say so. */
    private static String mainClass(File jar) {
        try (JarFile file = new JarFile(jar)) {
            Manifest manifest = file.getManifest();
            return manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
        } catch (IOException e) {
            return null;
        }
    }
}

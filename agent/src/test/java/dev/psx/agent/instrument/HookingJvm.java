package dev.psx.agent.instrument;

import dev.psx.agent.bootstrap.Hooks;
import dev.psx.agent.testing.Child;
import dev.psx.agent.testing.Jdk;
import dev.psx.agent.testing.Jvm;
import dev.psx.spi.ExecLockState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.ClassReader;

/** Starts applications under {@link HookingAgent}, from the compiled classes: no jar has to be built for that. */
final class HookingJvm {

    private final Path directory;

    HookingJvm(Path directory) {
        this.directory = directory;
    }

    Child start(Jdk jdk, Class<?> application, List<String> options, String... arguments) throws IOException {
        Path classes = place(Instrumenter.class);
        Path runtime = place(ExecLockState.class);
        Path bootstrap = directory.resolve("bootstrap.jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(bootstrap))) {
            copy(place(Hooks.class), "dev/psx/agent/bootstrap", jar);
            copy(runtime, "dev/psx/spi", jar);
        }
        String paths = String.join(
                ":",
                bootstrap.toString(),
                classes.toString() + '/',
                place(ClassReader.class).toString());
        return Jvm.of(jdk)
                .agent(agentJar(), paths)
                .option(options.toArray(new String[0]))
                .start(application, arguments);
    }

    private Path agentJar() throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Premain-Class", HookingAgent.class.getName());
        attributes.putValue("Can-Retransform-Classes", "true");
        Path jar = directory.resolve("agent.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            String name = HookingAgent.class.getName().replace('.', '/') + ".class";
            out.putNextEntry(new JarEntry(name));
            try (InputStream in = HookingAgent.class.getClassLoader().getResourceAsStream(name)) {
                in.transferTo(out);
            }
        }
        return jar;
    }

    /** The runtime is a directory while the reactor tests, and a jar otherwise. */
    private static void copy(Path classes, String folder, JarOutputStream jar) throws IOException {
        if (!Files.isDirectory(classes)) {
            try (java.nio.file.FileSystem zip = java.nio.file.FileSystems.newFileSystem(classes)) {
                add(zip.getPath(folder), folder, jar);
            }
        } else {
            add(classes.resolve(folder), folder, jar);
        }
    }

    private static void add(Path classes, String folder, JarOutputStream jar) throws IOException {
        try (Stream<Path> list = Files.list(classes)) {
            for (Path file : (Iterable<Path>) list::iterator) {
                if (file.toString().endsWith(".class")) {
                    jar.putNextEntry(new JarEntry(folder + '/' + file.getFileName()));
                    Files.copy(file, jar);
                }
            }
        }
    }

    private static Path place(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}

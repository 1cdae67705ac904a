package dev.psx.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** Where the JVM looks for code, by the path: what each is for. */
final class CodePath {

    private static final int MOST = 10_000;

    private final Subject subject;
    private final Map<String, String> roles = new LinkedHashMap<>();

    private CodePath(Subject subject) {
        this.subject = subject;
    }

    static Map<String, String> of(Subject subject) {
        CodePath path = new CodePath(subject);
        VmArguments arguments = subject.arguments();
        path.addAll(subject.property("java.class.path", arguments.classPath()), "class-path");
        path.addAll(subject.property("jdk.module.path", arguments.modulePath()), "module-path");
        for (String each : arguments.all("-Xbootclasspath/a:")) {
            path.addAll(each, "boot-append");
        }
        for (String each : arguments.all("-javaagent:")) {
            path.add(subject.absolute(each.split("=", 2)[0]), "agent");
        }
        for (String each : arguments.all("-agentpath:")) {
            path.add(subject.absolute(each.split("=", 2)[0]), "agent");
        }
        return path.roles;
    }

    private void addAll(String list, String role) {
        for (String element : subject.elements(list)) {
            if (element.endsWith("/*")) {
                addJarsIn(element.substring(0, element.length() - 2), role);
            } else {
                add(element, role);
            }
        }
    }

    private void addJarsIn(String directory, String role) {
        add(directory, role);
        String[] names = subject.outside(directory).toFile().list();
        if (names == null) {
            return; // what the JVM cannot find now either is no loss
        }
        for (String name : names) {
            if (name.endsWith(".jar") || name.endsWith(".JAR")) {
                add(directory + "/" + name, role);
            }
        }
    }

    /** What a jar's manifest names is part of the path, too. */
    private void add(String path, String role) {
        Path outside = subject.outside(path);
        if (roles.size() >= MOST || roles.containsKey(path) || !Files.exists(outside)) {
            return;
        }
        roles.put(path, role);
        if (Files.isRegularFile(outside) && !role.equals("module-path")) {
            for (String next : manifestClassPath(outside)) {
                if (!next.contains(":")) { // a URL leads elsewhere
                    add(next.startsWith("/") ? next : subject.absolute(Obstacle.parent(path) + "/" + next), role);
                }
            }
        }
    }

    private static List<String> manifestClassPath(Path jar) {
        List<String> paths = new ArrayList<>();
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            Manifest manifest = file.getManifest();
            String list = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            for (String each : list == null ? new String[0] : list.split(" ")) {
                if (!each.isEmpty()) {
                    paths.add(each);
                }
            }
        } catch (IOException | SecurityException e) {
            return paths; // no jar: an agent's library, or something that the JVM ignores as well
        }
        return paths;
    }
}

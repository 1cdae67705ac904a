package dev.psx.check;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Internal: the JVM that the checks are about, as {@code /proc} shows it. Immutable. Its paths are those that it sees itself. */
public final class Subject {

    private final SubjectFiles files;
    private final Path cwd;
    private final String javaHome;
    private final VmArguments arguments;
    private final Map<String, String> properties;
    private final boolean running;

    private Subject(SubjectFiles files, Map<String, String> environment, Map<String, String> known, boolean running)
            throws IOException {
        this.files = files;
        this.cwd = Paths.get(files.link("cwd"));
        this.javaHome = files.javaHome();
        this.arguments = VmArguments.parse(files.commandLine(), environment, new Function<String, String>() {
            @Override
            public String apply(String name) {
                return argumentFile(name);
            }
        });
        this.properties = known;
        this.running = running;
    }

    /**
     * This process.
     *
     * @param properties its system properties
     */
    public static Subject own(Map<String, String> properties) throws IOException {
        return new Subject(SubjectFiles.own(), System.getenv(), properties, true);
    }

    /** A process that will be started like this one, with a program of its own: it has no files yet. */
    public static Subject likeOwn(Map<String, String> properties) throws IOException {
        Map<String, String> others = new HashMap<>(properties);
        others.put("java.class.path", "");
        return new Subject(SubjectFiles.own(), System.getenv(), others, false);
    }

    /**
     * Another process.
     *
     * @param tid one of its tasks, which lives
     * @param properties its system properties as far as they are known; its command line says the rest
     * @throws NotAJvmException if it is none
     */
    public static Subject of(int pid, int tid, Map<String, String> properties) throws IOException {
        String process = "/proc/" + Integer.toUnsignedString(pid);
        String task = process + "/task/" + Integer.toUnsignedString(tid);
        SubjectFiles files = new SubjectFiles(process, task, task + "/root");
        return new Subject(files, files.environment(), properties, true);
    }

    private String argumentFile(String name) {
        return files.text(absolute(name));
    }

    /** Whether it is there already and has files of its own. */
    boolean running() {
        return running;
    }

    String javaHome() {
        return javaHome;
    }

    VmArguments arguments() {
        return arguments;
    }

    String cwd() {
        return cwd.toString();
    }

    /** Returns the path as the JVM would complete it. */
    String absolute(String path) {
        return cwd.resolve(path).normalize().toString();
    }

    /** Returns how this process reaches a path of the JVM. */
    Path outside(String path) {
        return files.outside(path);
    }

    /** Returns the path without symbolic links, or as it is if that cannot be told. */
    public String realPath(String path) {
        return files.realPath(path);
    }

    /** Returns the process's own name of a path as a link below its directory in {@code /proc} shows it to us. */
    public String inside(String path) {
        return files.inside(path);
    }

    /** Returns a system property: as the JVM knows it, as the command line sets it, or the default. */
    String property(String name, String otherwise) {
        String known = properties.get(name);
        if (known == null) {
            known = arguments.last("-D" + name + "=");
        }
        return known == null ? otherwise : known;
    }

    List<OpenFile> openFiles() {
        return running ? files.descriptors().files() : Collections.<OpenFile>emptyList();
    }

    /** Returns all that it has open. */
    List<OpenDescriptor> descriptors() {
        return running ? files.openDescriptors() : Collections.<OpenDescriptor>emptyList();
    }

    /** Whether it is this process. */
    boolean isOwn() {
        return pid() == 0;
    }

    /** Returns its id, 0 for this process. */
    int pid() {
        String name = files.processName();
        return name.equals("self") ? 0 : Integer.parseUnsignedInt(name);
    }

    /** Returns its id as we know it. */
    int ownPid() {
        return isOwn() ? innermostPid() : pid();
    }

    /** Whether a path of {@code /proc} is below the process's own directory. */
    boolean isOfItself(String path) {
        return path.startsWith("/proc/" + innermostPid() + "/")
                || path.startsWith("/proc/" + files.processName() + "/");
    }

    /** Whether a descriptor leads to what is not below the root directory of that other process. */
    boolean isOutsideRoot(OpenDescriptor descriptor) {
        return files.isOutsideRoot(Paths.get(descriptor.link()));
    }

    /** Returns the inodes of its sockets. */
    Set<String> sockets() {
        return files.descriptors().sockets();
    }

    /** Returns the text of a file that it sees, or null. */
    String text(String path) {
        return files.text(path);
    }

    /** Returns the real user. */
    int uid() {
        return files.status().uid()[0];
    }

    /** Returns how many tasks the process has. */
    int tasks() {
        return files.taskCount();
    }

    /** Returns its id as it knows it itself, which may be in a pid namespace of its own. */
    public int innermostPid() {
        return files.status().innermostTid();
    }

    Limits limits() {
        return new Limits(files.procText("limits"));
    }

    /** Returns the text of a file below {@code /proc/PID} that is about all tasks together, empty if it cannot be read. */
    String processText(String name) {
        return files.processText(name);
    }

    /** Returns the text of a file below {@code /proc/PID}, empty if it cannot be read. */
    String procText(String name) {
        return files.procText(name);
    }

    /** Returns the elements of a path list, made absolute. */
    List<String> elements(String list) {
        if (list == null || list.isEmpty()) {
            return Collections.emptyList();
        }
        List<String> elements = new ArrayList<>();
        for (String element : list.split(":")) {
            elements.add(absolute(element.isEmpty() ? "." : element));
        }
        return elements;
    }
}

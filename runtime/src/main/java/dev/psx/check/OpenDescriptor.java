package dev.psx.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One descriptor of the JVM, whatever it leads to. */
final class OpenDescriptor {

    private static final String FLAGS = "flags:";
    private static final int OCTAL = 8;

    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int BLOCK_DEVICE = 0060000;
    private static final int CHARACTER_DEVICE = 0020000;
    private static final int PIPE = 0010000;

    final int number;

    /** The path, or what the kernel calls it, such as {@code socket:[4711]}. */
    final String target;

    private final Path link;
    private final Path info;
    private int mode = -1;

    private OpenDescriptor(int number, String target, Path link, Path info) {
        this.number = number;
        this.target = target;
        this.link = link;
        this.info = info;
    }

    /**
     * Returns all that a process has open; what is closed meanwhile is left out, and nothing is seen where that is forbidden.
     *
     * @param proc its directory
     * @param files knows its own names of paths
     */
    static List<OpenDescriptor> all(Path proc, SubjectFiles files) {
        List<OpenDescriptor> all = new ArrayList<>();
        Path directory = proc.resolve("fd");
        String[] numbers = directory.toFile().list();
        for (String number : numbers == null ? new String[0] : numbers) {
            Path link = directory.resolve(number);
            try {
                String target = files.inside(Files.readSymbolicLink(link).toString());
                Path info = proc.resolve("fdinfo").resolve(number);
                all.add(new OpenDescriptor(Integer.parseInt(number), target, link, info));
            } catch (IOException e) {
                continue; // closed
            }
        }
        return all;
    }

    /** Returns the link in {@code /proc} that leads where it does. */
    String link() {
        return link.toString();
    }

    boolean isRegularFile() {
        return link.toFile().isFile();
    }

    boolean isDirectory() {
        return type() == DIRECTORY;
    }

    boolean isBlockDevice() {
        return type() == BLOCK_DEVICE;
    }

    boolean isCharacterDevice() {
        return type() == CHARACTER_DEVICE;
    }

    boolean isPipe() {
        return type() == PIPE;
    }

    private int type() {
        return mode() & TYPE;
    }

    /** Returns type and permissions, 0 if it is closed meanwhile. */
    private int mode() {
        if (mode < 0) {
            mode = attribute("mode");
        }
        return mode;
    }

    /** Whether the file's mode lets everybody open it as it is open. */
    boolean isEverybodys(OpenFile opened) {
        int needed = (opened.forReading() ? DroppedProcess.READ : 0) | (opened.forWriting() ? DroppedProcess.WRITE : 0);
        return (mode() & needed) == needed;
    }

    /** Returns the user that it belongs to; of a socket that is who has made it. */
    int owner() {
        return attribute("uid");
    }

    private int attribute(String name) {
        try {
            Map<String, Object> attributes = Files.readAttributes(link, "unix:" + name);
            return (Integer) attributes.get(name);
        } catch (IOException e) {
            return 0;
        }
    }

    /** Returns what {@code fdinfo} says, empty if it is closed meanwhile. */
    String info() {
        try {
            return SubjectFiles.read(info);
        } catch (IOException e) {
            return "";
        }
    }

    /** Returns how it was opened, or null if it is closed meanwhile. */
    OpenFile opened() {
        for (String line : info().split("\n")) {
            if (line.startsWith(FLAGS)) {
                int flags = (int) Long.parseLong(line.substring(FLAGS.length()).trim(), OCTAL);
                return new OpenFile(number, target, flags);
            }
        }
        return null;
    }
}

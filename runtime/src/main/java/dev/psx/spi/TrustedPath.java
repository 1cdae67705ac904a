package dev.psx.spi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Internal: decides whether a path may be trusted by a privileged process: nobody but root and this process's user can make it mean
 * another file than the one that was looked at.
 */
public final class TrustedPath {

    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int STICKY = 01000;
    private static final int MOST_LINKS = 40;

    /** On every system root's own; whoever else owned one could as well change the programs that are running. */
    private static final Set<String> ROOTS = new HashSet<>(Arrays.asList(
            "/",
            "/dev",
            "/dev/shm",
            "/etc",
            "/home",
            "/opt",
            "/run",
            "/srv",
            "/tmp",
            "/usr",
            "/var",
            "/var/lib",
            "/var/tmp"));

    private final int euid;

    public TrustedPath(int euid) {
        this.euid = euid;
    }

    /**
     * Returns the path without symbolic links, after a look at each of its components. A directory that others may write is
     * accepted if it is sticky, because the next component is then safe from being renamed.
     *
     * @throws IOException with the reason, if the path does not exist or is not to be trusted
     */
    public Path check(Path path) throws IOException {
        Path real = path.toRealPath();
        Path current = real.getRoot();
        checkComponent(current);
        for (Path name : real) {
            current = current.resolve(name);
            checkComponent(current);
        }
        return real;
    }

    /** As {@link #check}, and others may not write to the last component either, sticky or not. */
    public Path checkClosed(Path path) throws IOException {
        Path real = check(path);
        int mode = mode(real);
        if ((mode & WRITABLE_BY_OTHERS) != 0) {
            throw new IOException(real + " may be written by others (mode " + octal(mode) + "): chmod go-w " + real);
        }
        return real;
    }

    /**
     * As {@link #check}, and the symbolic links on the way are looked at too: else somebody could choose among the trusted files by
     * a link of his own.
     */
    public Path follow(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        Path current = absolute.getRoot();
        checkComponent(current);
        Deque<Path> rest = new ArrayDeque<>();
        push(rest, absolute);
        int links = 0;
        while (!rest.isEmpty()) {
            String name = rest.pop().toString();
            Path next = name.equals("..") ? parent(current) : name.equals(".") ? current : current.resolve(name);
            if (!Files.isSymbolicLink(next)) {
                checkComponent(next);
                current = next;
                continue;
            }
            checkOwner(next);
            if (++links > MOST_LINKS) {
                throw new IOException(path + " leads through too many symbolic links");
            }
            Path target = Files.readSymbolicLink(next);
            push(rest, target);
            current = target.isAbsolute() ? target.getRoot() : current;
        }
        return current;
    }

    private static Path parent(Path directory) {
        return directory.getParent() == null ? directory : directory.getParent();
    }

    private static void push(Deque<Path> rest, Path path) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            rest.push(path.getName(i));
        }
    }

    private void checkComponent(Path component) throws IOException {
        checkOwner(component);
        int mode = mode(component);
        if ((mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0) {
            boolean directory = Files.isDirectory(component, LinkOption.NOFOLLOW_LINKS);
            throw new IOException(component + " may be written by others" + (directory ? " and is not sticky" : "")
                    + " (mode " + octal(mode) + "): chmod go-w " + component);
        }
    }

    private void checkOwner(Path component) throws IOException {
        int owner = (Integer) attributes(component).get("uid");
        if (owner != 0 && OverflowId.USER.ambiguous(owner)) {
            checkOutsider(component, owner);
        } else if (owner != 0 && owner != euid) {
            throw new IOException(component + " belongs to uid " + Integer.toUnsignedString(owner)
                    + ", neither root nor this process's user: chown "
                    + (Files.isSymbolicLink(component) ? "-h " : "") + "root " + component);
        }
    }

    /** Who is not in this user namespace has no number here. Where the machine's root directory is seen from inside, that is its root. */
    private static void checkOutsider(Path component, int shown) throws IOException {
        if (!ROOTS.contains(component.toString())) {
            throw new IOException(component + " belongs to uid " + Integer.toUnsignedString(shown)
                    + ", which stands for everybody outside this user namespace");
        }
    }

    public static int mode(Path path) throws IOException {
        return (Integer) attributes(path).get("mode");
    }

    private static Map<String, Object> attributes(Path path) throws IOException {
        return Files.readAttributes(path, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
    }

    private static String octal(int mode) {
        return Integer.toOctalString(mode & 07777);
    }
}

package dev.psx.engine;

import dev.psx.spi.TrustedPath;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** A directory that only this process's user can enter. It vanishes with its files when it is closed. */
final class PrivateDirectory implements Closeable {

    private static final int PERMISSIONS = 0777;
    private static final int OWNER_ONLY = 0700;
    private static final int OWNER_READS_AND_WRITES = 0600;
    private static final int RANDOM_BYTES = 16;

    private final Path path;
    private final List<Path> files = new ArrayList<>();

    private PrivateDirectory(Path path) {
        this.path = path;
    }

    static PrivateDirectory create(Path parent) throws IOException {
        Path path = parent.resolve(".psx-" + randomName());
        // Made with its final mode: it is at no moment open to anybody. mkdir fails if the name exists, also as a link.
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        PrivateDirectory directory = new PrivateDirectory(path);
        try {
            int mode = grant(path, OWNER_ONLY, "rwx------");
            if (mode != OWNER_ONLY) {
                throw new IOException("its file system does not keep modes: a new directory has mode "
                        + Integer.toOctalString(mode) + " instead of 700");
            }
            return directory;
        } catch (IOException e) {
            directory.close();
            throw e;
        }
    }

    /** Writes a new file with this content. */
    Path write(String name, InputStream content) throws IOException {
        Path file = path.resolve(name);
        OpenOption[] exclusively = {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
        try (OutputStream out = Files.newOutputStream(file, exclusively)) {
            files.add(file);
            grant(file, OWNER_READS_AND_WRITES, "rw-------");
            byte[] buffer = new byte[1 << 16];
            for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
                out.write(buffer, 0, count);
            }
        }
        return file;
    }

    /** A umask may take permissions even from the owner, as umask=0127 does: they are given back. */
    private static int grant(Path path, int owner, String permissions) throws IOException {
        if ((TrustedPath.mode(path) & owner) != owner) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        }
        return TrustedPath.mode(path) & PERMISSIONS;
    }

    /** Removes what can be removed: on some file systems (NFS) a file that is mapped keeps a name. */
    @Override
    public void close() {
        for (Path file : files) {
            remove(file);
        }
        remove(path);
    }

    private static void remove(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            path.toFile().deleteOnExit();
        }
    }

    /** Reads the kernel's device itself: SecureRandom costs some 20 ms of start-up. */
    private static String randomName() {
        byte[] random = new byte[RANDOM_BYTES];
        try (InputStream device = new FileInputStream("/dev/urandom")) {
            if (device.read(random) != RANDOM_BYTES) {
                new SecureRandom().nextBytes(random);
            }
        } catch (IOException e) { // no /dev in a bare chroot
            new SecureRandom().nextBytes(random);
        }
        StringBuilder name = new StringBuilder();
        for (byte b : random) {
            name.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
        }
        return name.toString();
    }
}

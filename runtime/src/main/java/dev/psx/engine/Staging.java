package dev.psx.engine;

import dev.psx.spi.TrustedPath;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The native libraries as files in one candidate directory, for the moment of loading them. */
final class Staging implements Closeable {

    private final TrustedPath trust;
    private final Path directory;
    private final boolean installed;
    private PrivateDirectory extracted;

    private Staging(TrustedPath trust, Path directory, boolean installed) {
        this.trust = trust;
        this.directory = directory;
        this.installed = installed;
    }

    /** Libraries are unpacked into a private directory below this one. */
    static Staging below(Path directory, TrustedPath trust) throws IOException {
        return new Staging(trust, trust.check(directory), false);
    }

    /** Libraries that lie in this directory are used as they are, others are unpacked into a private directory below it. */
    static Staging in(Path directory, TrustedPath trust) throws IOException {
        return new Staging(trust, trust.checkClosed(directory), true);
    }

    /**
     * Returns the library as a file.
     *
     * @throws IOException with the reason, if it cannot be written or the file that is there may not be trusted
     */
    Path library(String name, ClassLoader loader, String resource) throws IOException {
        Path there = directory.resolve(name);
        if (installed && Files.exists(there)) {
            trust.checkClosed(there);
            return there;
        }
        try (InputStream content = open(loader, resource)) {
            if (content == null) {
                throw new IllegalStateException(resource + " is missing from the class path: psx-native is not there,"
                        + " or was built without a library for this architecture");
            }
            if (extracted == null) {
                extracted = PrivateDirectory.create(directory);
            }
            return extracted.write(name, content);
        }
    }

    static boolean exists(ClassLoader loader, String resource) {
        return (loader == null ? ClassLoader.getSystemResource(resource) : loader.getResource(resource)) != null;
    }

    private static InputStream open(ClassLoader loader, String resource) {
        return loader == null ? ClassLoader.getSystemResourceAsStream(resource) : loader.getResourceAsStream(resource);
    }

    /** Removes what was unpacked. A library that has been loaded stays mapped. */
    @Override
    public void close() {
        if (extracted != null) {
            extracted.close();
        }
    }
}

package dev.psx.agent.bootstrap;

import java.io.DataInputStream;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The files under {@code inst/} in the agent's jar.
 *
 * <p>Their URLs have a protocol of their own and read from the file that is open already: a {@code jar:} URL would open it again,
 * which fails once privileges are dropped and costs time before.
 */
final class IsolatedContent extends URLStreamHandler {

    private static final String PREFIX = "inst/";
    private static final String PROTOCOL = "psx-agent";

    /** No JarFile: neither signatures nor versioned classes are wanted here, and it would look for both. */
    private final ZipFile zip;

    IsolatedContent(File jar) throws IOException {
        zip = new ZipFile(jar);
    }

    /** Returns the file's bytes, or null if there is no such file. */
    byte[] read(String name) throws IOException {
        ZipEntry entry = find(name);
        if (entry == null) {
            return null;
        }
        byte[] bytes = new byte[(int) entry.getSize()];
        try (DataInputStream in = new DataInputStream(zip.getInputStream(entry))) {
            in.readFully(bytes);
        }
        return bytes;
    }

    /** Returns a stream of the file's bytes, or null if there is no such file. */
    InputStream open(String name) throws IOException {
        ZipEntry entry = find(name);
        return entry == null ? null : zip.getInputStream(entry);
    }

    /** Returns where the file can be read, or null if there is no such file. */
    URL url(String name) {
        if (find(name) == null) {
            return null;
        }
        try {
            return new URL(PROTOCOL, "", -1, "/" + name, this);
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    private ZipEntry find(String name) {
        ZipEntry entry = zip.getEntry(PREFIX.concat(name));
        return entry == null || entry.isDirectory() ? null : entry;
    }

    @Override
    protected URLConnection openConnection(URL url) throws IOException {
        String name = url.getPath().substring(1);
        ZipEntry entry = find(name);
        if (entry == null) {
            throw new FileNotFoundException(url.toString());
        }
        return new Connection(url, entry);
    }

    private final class Connection extends URLConnection {

        private final ZipEntry entry;

        Connection(URL url, ZipEntry entry) {
            super(url);
            this.entry = entry;
        }

        @Override
        public void connect() {
            connected = true; // the file is open
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return zip.getInputStream(entry);
        }

        @Override
        public long getContentLengthLong() {
            return entry.getSize();
        }
    }
}

package dev.psx.agent.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import picocli.CommandLine.IVersionProvider;

/** The version in the manifest of the jar that this program was started from. */
final class Version implements IVersionProvider {

    private static final String TITLE = "psx-agent";

    @Override
    public String[] getVersion() throws IOException {
        return new String[] {TITLE + " " + number()};
    }

    /** Other jars of a class path have manifests too: the title tells ours. */
    private static String number() throws IOException {
        for (URL url : Collections.list(ClassLoader.getSystemResources("META-INF/MANIFEST.MF"))) {
            try (InputStream in = url.openStream()) {
                Attributes attributes = new Manifest(in).getMainAttributes();
                String version = attributes.getValue(Attributes.Name.IMPLEMENTATION_VERSION);
                if (TITLE.equals(attributes.getValue(Attributes.Name.IMPLEMENTATION_TITLE)) && version != null) {
                    return version;
                }
            }
        }
        return "(not run from its jar)";
    }
}

package dev.psx.engine;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Initialises JNA with a library file of our choice. JNA takes its settings from system properties, which the application
 * shares: they are set for this moment only.
 */
final class JnaBoot {

    private static final String[] APPLICATION_SETTINGS = {
        "jna.boot.library.path", "jna.boot.library.name", "jna.nounpack", "jna.nosys", "jna.noclasspath", "jna.tmpdir"
    };

    private final boolean isolated;
    private final Map<String, String> settings = new LinkedHashMap<>();

    /** @param isolated whether this copy of JNA is ours alone, so that nothing the application has set is meant for it */
    JnaBoot(boolean isolated) {
        this.isolated = isolated;
    }

    /** Whether JNA should be given a library file. If not, the application has told it where to find one. */
    boolean wantsLibrary() {
        if (isolated) {
            return true;
        }
        for (String key : APPLICATION_SETTINGS) {
            if (System.getProperty(key) != null) {
                return false;
            }
        }
        return true;
    }

    /**
     * Initialises JNA, if that has not happened yet, and opens the engine's library.
     *
     * @param directory where JNA's library is, or null if JNA is to find it as the application has told it
     */
    NativeLibrary open(String directory, String engine) {
        if (directory != null) {
            settings.put("jna.boot.library.path", directory);
            settings.put("jna.nounpack", "true");
            settings.put("jna.nosys", "true");
        }
        if (isolated) {
            isolate();
        }
        Map<String, String> before = exchange(settings);
        try {
            if (Native.POINTER_SIZE != Long.BYTES) { // the use of the field initialises the class
                throw new IllegalStateException("psx needs a 64-bit JVM");
            }
            return NativeLibrary.getInstance(engine);
        } catch (LinkageError e) {
            throw NativeAccess.explainJna(e);
        } finally {
            exchange(before);
        }
    }

    private void isolate() {
        settings.put("jna.boot.library.name", null);
        settings.put("jna.noclasspath", "true");
        settings.put("jna.protected", null);
        settings.put("jna.debug_load", null);
        settings.put("jna.debug_load.jna", null);
        settings.put("jna.encoding", null);
        settings.put("jna.library.path", null);
        // Without this JNA runs /sbin/ldconfig to find directories in which we look for nothing.
        settings.put("jna.platform.library.path", "");
        // JNA writes these two; the application may read them as being about its own copy.
        settings.put("jna.loaded", null);
        settings.put("jnidispatch.path", null);
    }

    /** Sets the properties, where null means absent, and returns what they were. */
    private static Map<String, String> exchange(Map<String, String> values) {
        Map<String, String> before = new LinkedHashMap<>();
        for (Map.Entry<String, String> entry : values.entrySet()) {
            String old = entry.getValue() == null
                    ? System.clearProperty(entry.getKey())
                    : System.setProperty(entry.getKey(), entry.getValue());
            before.put(entry.getKey(), old);
        }
        return before;
    }
}

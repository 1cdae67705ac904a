package dev.psx.engine;

import com.sun.jna.NativeLibrary;
import java.util.Map;
import java.util.TreeMap;

/** Opens the engine in the directory given, in a JVM whose user has strange wishes for JNA, and prints what became of them. */
final class JnaBootMain {

    private JnaBootMain() {}

    public static void main(String[] arguments) {
        boolean isolated = Boolean.parseBoolean(arguments[0]);
        JnaBoot boot = new JnaBoot(isolated);
        System.out.println("wants " + boot.wantsLibrary());
        NativeLibrary library =
                boot.open(boot.wantsLibrary() ? arguments[1] : null, arguments[1] + "/libpsx-engine.so");
        System.out.println("abi " + library.getFunction("psx_abi").invokeLong(new Object[0]));
        Map<String, String> settings = new TreeMap<>();
        for (String key : System.getProperties().stringPropertyNames()) {
            if (key.startsWith("jna.") || key.startsWith("jnidispatch.")) {
                settings.put(key, System.getProperty(key));
            }
        }
        System.out.println("properties " + settings);
    }
}

package dev.psx.agent.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** The system properties of a JVM, asked from that JVM. */
final class AttachedProperties {

    private AttachedProperties() {}

    static Map<String, String> of(ProcessFiles files) throws CommandFailure {
        return AttachedJvm.ask(files, machine -> {
            Properties all = (Properties)
                    machine.getClass().getMethod("getSystemProperties").invoke(machine);
            Map<String, String> properties = new HashMap<>();
            for (String name : all.stringPropertyNames()) {
                properties.put(name, all.getProperty(name));
            }
            return properties;
        });
    }
}

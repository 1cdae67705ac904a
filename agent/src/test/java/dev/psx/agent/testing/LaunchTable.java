package dev.psx.agent.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is to be seen of launched children, or to be read when they are refused: {@code attribute: case = what}. */
public final class LaunchTable {

    public static final List<String> SEEN =
            List.of("seen", "seen-in-a-cgroup", "seen-without-privileges", "seen-on-a-terminal");
    public static final List<String> REFUSED = List.of(
            "refused",
            "refused-in-a-cgroup",
            "refused-in-a-user-namespace",
            "refused-by-a-filter",
            "refused-without-privileges");

    private LaunchTable() {}

    /** Returns the table's rows, by their names. */
    public static Map<String, String> of(String name) {
        String file = "/dev/psx/agent/launch/" + name + ".txt";
        try (InputStream in = LaunchTable.class.getResourceAsStream(file)) {
            return rows(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Map<String, String> rows(List<String> lines) {
        Map<String, String> rows = new LinkedHashMap<>();
        for (String line : lines) {
            String[] parts = line.split(" =", 2);
            if (parts.length == 2) {
                rows.put(parts[0], parts[1].trim());
            }
        }
        return rows;
    }
}

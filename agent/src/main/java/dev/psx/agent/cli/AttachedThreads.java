package dev.psx.agent.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of a JVM's Java threads, asked from that JVM. */
final class AttachedThreads {

    /** A thread's first line in a thread dump. JDK 8 to 18 write nid in hexadecimal. */
    private static final Pattern THREAD =
            Pattern.compile("^\"(.*)\" #\\d+ .*\\bnid=(0x[0-9a-f]+|\\d+)(?: .*)?$", Pattern.MULTILINE);

    private AttachedThreads() {}

    /** Returns the names by tids, as the threads know them. */
    static Map<Integer, String> names(ProcessFiles files) throws CommandFailure {
        return AttachedJvm.ask(files, machine -> {
            Object dump =
                    machine.getClass().getMethod("executeJCmd", String.class).invoke(machine, "Thread.print");
            return parse(text((InputStream) dump));
        });
    }

    static Map<Integer, String> parse(String dump) {
        Map<Integer, String> names = new HashMap<>();
        Matcher thread = THREAD.matcher(dump);
        while (thread.find()) {
            try {
                names.put(Integer.decode(thread.group(2)), thread.group(1));
            } catch (NumberFormatException e) {
                continue; // part of a name that looks like such a line
            }
        }
        return names;
    }

    private static String text(InputStream in) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            char[] buffer = new char[8192];
            for (int count = reader.read(buffer); count >= 0; count = reader.read(buffer)) {
                all.append(buffer, 0, count);
            }
        }
        return all.toString();
    }
}

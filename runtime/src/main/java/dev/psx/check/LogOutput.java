package dev.psx.check;

import java.util.ArrayList;
import java.util.List;

/** One file that the JVM's own log goes to, out of {@code -Xlog:what:output:decorators:output-options}. */
final class LogOutput {

    private static final String FILE = "file=";
    private static final int OUTPUT = 1;
    private static final int OPTIONS = 3;

    /** As given: it may hold %p, %t and %hn. */
    final String name;

    final boolean rotates;

    private LogOutput(String name, boolean rotates) {
        this.name = name;
        this.rotates = rotates;
    }

    /**
     * Finds the outputs.
     *
     * @param modern whether it is JDK 9 or newer, which rotates unless told otherwise
     */
    static List<LogOutput> of(VmArguments arguments, boolean modern) {
        List<LogOutput> outputs = new ArrayList<>();
        for (String given : arguments.all("-Xlog:")) {
            List<String> parts = parts(given);
            String output = parts.size() > OUTPUT ? parts.get(OUTPUT) : "";
            boolean stream = output.isEmpty() || output.equals("stdout") || output.equals("stderr");
            if (!stream && !output.startsWith("#")) {
                String options = parts.size() > OPTIONS ? parts.get(OPTIONS) : "";
                String name = output.startsWith(FILE) ? output.substring(FILE.length()) : output;
                outputs.add(new LogOutput(name, !("," + options + ",").contains(",filecount=0,")));
            }
        }
        String old = arguments.last("-Xloggc:");
        if (old != null) {
            outputs.add(new LogOutput(old, modern || arguments.flag("UseGCLogFileRotation")));
        }
        return outputs;
    }

    /** Colons within quotes do not separate. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (char c : text.toCharArray()) {
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ':' && !quoted) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }
}

package dev.psx.agent.install;

import dev.psx.policy.LogLevel;
import dev.psx.spi.StandardError;
import java.io.PrintWriter;
import java.io.StringWriter;

/** The agent's log: lines on standard error. The agent itself does not go through SLF4J, whose start costs more than its own. */
final class Log {

    private static volatile LogLevel level = LogLevel.INFO;

    private Log() {}

    static void level(LogLevel chosen) {
        level = chosen;
    }

    static boolean enabled(LogLevel wanted) {
        return wanted.compareTo(level) <= 0;
    }

    static void log(LogLevel at, String message) {
        if (enabled(at)) {
            StandardError.line(at.name() + " " + message);
        }
    }

    static void warn(String message) {
        log(LogLevel.WARN, message);
    }

    static void info(String message) {
        log(LogLevel.INFO, message);
    }

    /** Writes the stack trace, at level debug only. */
    static void trace(Throwable e) {
        if (enabled(LogLevel.DEBUG)) {
            StringWriter text = new StringWriter();
            e.printStackTrace(new PrintWriter(text, true));
            for (String line : text.toString().split("\n")) {
                log(LogLevel.DEBUG, line);
            }
        }
    }

    /** Names come from other people's directories, and messages from their libraries. */
    static String oneLine(String message) {
        return message == null ? "" : message.replace('\n', ' ').replace('\r', ' ');
    }
}

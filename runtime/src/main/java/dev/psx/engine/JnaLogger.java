package dev.psx.engine;

import org.slf4j.LoggerFactory;

/**
 * Stands in for {@code java.util.logging.Logger} in the agent's own copy of JNA, whose loader redirects it here: the real one
 * would initialise the log manager before {@code main} could choose it, as WildFly does.
 */
public final class JnaLogger {

    private static final JnaLogger INSTANCE = new JnaLogger();

    private JnaLogger() {}

    /** One logger is enough: what JNA has to say names its subject. */
    public static JnaLogger getLogger(String name) {
        return INSTANCE;
    }

    /** Whether somebody wants to know: warnings count, JNA's tracing does not. */
    public boolean isLoggable(JnaLevel level) {
        return level.ordinal() >= JnaLevel.WARNING.ordinal();
    }

    public void log(JnaLevel level, String message) {
        log(level, message, (Throwable) null);
    }

    public void log(JnaLevel level, String message, Object parameter) {
        log(level, message, new Object[] {parameter});
    }

    public void log(JnaLevel level, String message, Object[] parameters) {
        if (isLoggable(level)) {
            String text = message;
            for (int i = 0; i < parameters.length; i++) {
                text = text.replace("{" + i + "}", String.valueOf(parameters[i]));
            }
            log(level, text);
        }
    }

    public void log(JnaLevel level, String message, Throwable cause) {
        if (isLoggable(level)) {
            LoggerFactory.getLogger("com.sun.jna").warn(message, cause);
        }
    }
}

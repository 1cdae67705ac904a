package dev.psx.agent.install;

import dev.psx.policy.LogLevel;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** One logger of an isolated part. */
final class AgentLogger extends LegacyAbstractLogger {

    private static final long serialVersionUID = 1L;

    AgentLogger(String name) {
        this.name = name;
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public boolean isDebugEnabled() {
        return Log.enabled(LogLevel.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return Log.enabled(LogLevel.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return Log.enabled(LogLevel.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return null; // lines do not say where they come from
    }

    /** Called by the super class for enabled levels only, so never with TRACE. */
    @Override
    protected void handleNormalizedLoggingCall(
            Level level, Marker marker, String pattern, Object[] arguments, Throwable thrown) {
        String message = MessageFormatter.basicArrayFormat(pattern, arguments);
        Log.log(LogLevel.valueOf(level.name()), thrown == null ? message : message + ": " + thrown);
        if (thrown != null) {
            Log.trace(thrown);
        }
    }
}

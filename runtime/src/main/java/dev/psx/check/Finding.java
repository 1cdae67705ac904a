package dev.psx.check;

import java.util.Locale;

/** Internal: something that will not work any more, when that will be noticed, and how to mend it. Immutable. */
public final class Finding {

    /** How bad it is. */
    public enum Severity {
        /** The application, or the JVM under it, gets errors. */
        BREAKS,
        /** The application works, but something around it is lost: a log, a dump, a tool. */
        HINDERS,
        /** Nothing fails, but the process keeps a power that the drop shall take away. */
        KEEPS,
        /** Nothing fails; whoever drops privileges wants to know. */
        NOTE
    }

    private final Severity severity;
    private final String check;
    private final String what;
    private final String when;
    private final String remedy;

    Finding(Severity severity, String check, String what, String when, String remedy) {
        this.severity = severity;
        this.check = check;
        this.what = what;
        this.when = when;
        this.remedy = remedy;
    }

    public Severity severity() {
        return severity;
    }

    /** Returns the name of the check, such as {@code java-home}. */
    public String check() {
        return check;
    }

    public String what() {
        return what;
    }

    public String when() {
        return when;
    }

    public String remedy() {
        return remedy;
    }

    /** Returns it in one line, but for how bad it is. */
    public String text() {
        return check + ": " + what + "; when: " + when + "; mend: " + remedy;
    }

    /** Returns all of it in one line. */
    @Override
    public String toString() {
        return severity.name().toLowerCase(Locale.ROOT) + " " + text();
    }
}

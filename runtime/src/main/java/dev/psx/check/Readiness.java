package dev.psx.check;

import dev.psx.check.Finding.Severity;
import dev.psx.spi.Program;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.function.Function;

/**
 * Internal: what a drop of this process will break, found out as a short step before it. Never fails, whatever a check meets, and
 * never takes longer than {@link #LONGEST_MILLIS} and what the engine needs to answer one question.
 */
public final class Readiness {

    private static final long LONGEST_MILLIS = 2000;

    private final List<String> warnings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private Readiness() {}

    /** Nothing was looked at. */
    public static Readiness unknown() {
        return new Readiness();
    }

    /**
     * Makes the checks. To be called without the exec lock: they read other people's file systems.
     *
     * @param program the calls of the drop
     * @param fixUps whether the drop will mend what is safe to mend
     */
    public static Readiness of(Function<Object[], Object> port, Program program, boolean fixUps) {
        Readiness readiness = new Readiness();
        try {
            // Perhaps the application's own class: asked on the application's own thread.
            Properties properties = System.getProperties();
            Run run = new Run(port, program, fixUps, LONGEST_MILLIS);
            for (String name : properties.stringPropertyNames()) {
                run.properties.put(name, String.valueOf(properties.getProperty(name)));
            }
            run.make();
            readiness.add(run);
        } catch (RuntimeException | LinkageError e) {
            readiness.warnings.add("what the drop will break could not be checked: " + e);
        }
        return readiness;
    }

    private void add(Run run) {
        for (Finding finding : run.findings()) {
            if (finding.severity() == Severity.NOTE) {
                notes.add(finding.text());
            } else {
                warnings.add(finding.text());
            }
        }
        warnings.addAll(run.problems());
    }

    /** Returns what will not work any more, and checks that could not be made; one line each. */
    public List<String> warnings() {
        return Collections.unmodifiableList(warnings);
    }

    /** Returns what every drop like this changes, one line each. */
    public List<String> notes() {
        return Collections.unmodifiableList(notes);
    }
}

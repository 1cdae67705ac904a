package dev.psx.check;

import dev.psx.check.Finding.Severity;
import dev.psx.spi.Program;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Internal: what a drop of this process will break, found out as a short step before it. Never fails, whatever a check meets, and
 * never takes longer than {@link #LONGEST_MILLIS} and what the engine needs to answer one question.
 */
public final class Readiness {

    private static final long LONGEST_MILLIS = 2000;

    private final List<String> warnings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private Run run;

    private Readiness() {}

    /**
     * Makes the checks. To be called without the exec lock: they read other people's file systems.
     *
     * @param program the calls of the drop
     * @param fixUps whether the drop will mend what is safe to mend
     */
    public static Readiness of(Function<Object[], Object> port, Program program, boolean fixUps) {
        return begin(port, Run.given(program), fixUps).await();
    }

    /**
     * Begins with the checks, to be awaited before the drop.
     *
     * @param program gives the calls of the drop when the checks are made, or null if there is nothing to be checked
     */
    public static Readiness begin(Function<Object[], Object> port, Supplier<Program> program, boolean fixUps) {
        Readiness readiness = new Readiness();
        try {
            // Perhaps the application's own class: asked on the application's own thread.
            Properties properties = System.getProperties();
            readiness.run = new Run(port, program, fixUps, LONGEST_MILLIS);
            for (String name : properties.stringPropertyNames()) {
                readiness.run.properties.put(name, String.valueOf(properties.getProperty(name)));
            }
            readiness.run.begin();
        } catch (RuntimeException | LinkageError e) {
            readiness.fail(e);
        }
        return readiness;
    }

    /** Returns when all checks have been made, or time is up. */
    public Readiness await() {
        if (run != null) {
            try {
                run.end();
                add();
            } catch (RuntimeException | LinkageError e) {
                fail(e);
            }
        }
        run = null;
        return this;
    }

    private void fail(Throwable e) {
        run = null;
        warnings.add("what the drop will break could not be checked: " + e);
    }

    private void add() {
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

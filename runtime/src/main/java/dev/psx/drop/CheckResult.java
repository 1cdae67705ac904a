package dev.psx.drop;

import dev.psx.check.Readiness;
import dev.psx.spi.Program;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Internal: what became of a drop on trial. Immutable. */
public final class CheckResult {

    private final Program program;
    private final List<String> warnings;
    private final RuntimeException failure;
    private final List<String> notes;

    private CheckResult(Program program, List<String> warnings, RuntimeException failure, List<String> notes) {
        this.program = program;
        this.warnings = Collections.unmodifiableList(new ArrayList<>(warnings));
        this.failure = failure;
        this.notes = notes;
    }

    /**
     * Tries a drop without changing anything. The exec lock is held as for the drop itself.
     *
     * @throws IllegalStateException if the tasks cannot be read
     */
    static CheckResult of(DropTransaction drop, Program program) {
        try {
            return feasible(program, drop.rehearse());
        } catch (RuntimeException e) {
            return failed(program, e);
        }
    }

    static CheckResult feasible(Program program, List<String> warnings) {
        return new CheckResult(program, warnings, null, Collections.<String>emptyList());
    }

    static CheckResult failed(Program program, RuntimeException failure) {
        return new CheckResult(program, Collections.<String>emptyList(), failure, Collections.<String>emptyList());
    }

    /** Returns the calls, none if the state holds. Further questions may be put to the disposable process with them. */
    public Program program() {
        return program;
    }

    /** Returns each call with the tasks that make it. */
    public List<String> calls() {
        return describe(program);
    }

    /** Returns why the drop would fail, or null. */
    public RuntimeException failure() {
        return failure;
    }

    public List<String> warnings() {
        return warnings;
    }

    /** Returns what every drop like this changes around the application. */
    public List<String> notes() {
        return notes;
    }

    /** Returns each call of a program with the tasks that make it. */
    public static List<String> describe(Program program) {
        List<String> calls = new ArrayList<>();
        for (int i = 0; i < program.size(); i++) {
            calls.add(program.describe(i) + " " + program.mark(i));
        }
        return calls;
    }

    /** Tries a drop, or finds that it holds; then looks for what it will break. Nothing changes. */
    public static CheckResult of(Function<Object[], Object> port, DropSpec spec) {
        CheckResult result = DropTransaction.check(port, spec);
        if (result.failure != null) {
            return result;
        }
        Readiness readiness = Readiness.of(port, result.program, spec.fixUps);
        List<String> all = new ArrayList<>(result.warnings);
        all.addAll(readiness.warnings());
        return new CheckResult(result.program, all, null, readiness.notes());
    }
}

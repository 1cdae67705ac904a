package dev.psx.plan;

import dev.psx.drop.CallList;
import dev.psx.drop.CheckResult;
import java.util.List;
import java.util.Optional;

/** What {@link PrivilegePlan#check()} has found out. Immutable. {@code toString()} gives it as a text of a few lines. */
public final class CheckReport {

    private final CheckResult result;

    CheckReport(CheckResult result) {
        this.result = result;
    }

    /**
     * Tells whether {@link PrivilegePlan#apply()} would succeed.
     *
     * @return true if nothing speaks against it
     */
    public boolean feasible() {
        return result.failure() == null;
    }

    /**
     * Returns the calls that are needed, in order, each with the tasks that make it.
     *
     * @return none if the state holds already; unmodifiable
     */
    public List<String> calls() {
        return result.calls();
    }

    /**
     * Returns what {@link PrivilegePlan#apply()} would throw: the call that would fail, or what would be a way around the drop.
     *
     * @return empty if the plan is feasible
     */
    public Optional<RuntimeException> failure() {
        return Optional.ofNullable(result.failure());
    }

    /**
     * Returns what is allowed, but worth knowing, such as kept capabilities that amount to root; and what the drop will break: files
     * of the JVM and the application that the new user cannot use, each with when that will be noticed and how to mend it.
     *
     * @return one line each; unmodifiable
     */
    public List<String> warnings() {
        return result.warnings();
    }

    /**
     * Returns what every drop like this changes around the application, such as the owner of a socket for tools.
     *
     * @return one line each; unmodifiable
     */
    public List<String> notes() {
        return result.notes();
    }

    /**
     * Returns the report for programs.
     *
     * @return a JSON object with {@code feasible}, {@code failure}, {@code calls}, {@code warnings} and {@code notes}
     */
    public String toJson() {
        return new Json()
                .add("feasible", feasible())
                .add("failure", failure().map(Throwable::getMessage).orElse(null))
                .add("calls", calls())
                .add("warnings", warnings())
                .add("notes", notes())
                .toString();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(listing(CallList.withTasks(result.program())));
        for (String warning : warnings()) {
            text.append("\nwarning: ").append(warning);
        }
        for (String note : notes()) {
            text.append("\nnote: ").append(note);
        }
        return text.append(
                        feasible()
                                ? "\nfeasible"
                                : "\nnot feasible: " + result.failure().getMessage())
                .toString();
    }

    static String listing(List<String> calls) {
        if (calls.isEmpty()) {
            return "nothing to change: the state holds on all tasks";
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < calls.size(); i++) {
            text.append(i == 0 ? "" : "\n").append(i + 1).append(". ").append(calls.get(i));
        }
        return text.toString();
    }
}

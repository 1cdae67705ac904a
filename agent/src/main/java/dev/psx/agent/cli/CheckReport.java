package dev.psx.agent.cli;

import dev.psx.check.Finding;
import dev.psx.check.Finding.Severity;
import dev.psx.drop.CallList;
import dev.psx.drop.CheckResult;
import dev.psx.drop.DropSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What check prints, as a text or as a JSON document. */
final class CheckReport {

    private static final String NOT_SEEN =
            "the application's class path, agents and options were not looked at: --pid PID looks at a running JVM";

    private final CheckTarget target;
    private final DropSpec wanted;
    private List<String> calls = Collections.emptyList();
    private List<String> warnings = Collections.emptyList();
    private List<String> children = Collections.emptyList();
    private List<Finding> findings = Collections.emptyList();
    private String failure;

    private final StringBuilder text = new StringBuilder();

    /** @param wanted null if nothing is dropped */
    CheckReport(CheckTarget target, DropSpec wanted) {
        this.target = target;
        this.wanted = wanted;
    }

    void tried(CheckResult result) {
        calls = CallList.of(result.program());
        warnings = result.warnings();
        if (result.failure() != null) {
            fails(result.failure());
        }
    }

    /**
     * What children shall be.
     *
     * @param obstacle why that cannot be once the drop has happened; null if it can
     * @param atOnce whether no child would be started before
     */
    void children(List<String> profile, String obstacle, boolean atOnce) {
        children = profile;
        if (obstacle != null && atOnce && failure == null) {
            failure = obstacle;
        } else if (obstacle != null) {
            warnings = new ArrayList<>(warnings);
            warnings.add("after the drop " + obstacle);
        }
    }

    void found(List<Finding> all) {
        findings = all;
    }

    /** Keeps the reason. That a drop was not begun, and has changed nothing, is no news here. */
    void fails(RuntimeException reason) {
        failure = String.valueOf(reason.getMessage())
                .replaceFirst("^the drop was not begun: ", "")
                .replaceFirst("; nothing has changed$", "");
    }

    boolean feasible() {
        return failure == null;
    }

    String json() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("target", target.name());
        document.put("pid", target.pid());
        document.put("feasible", feasible());
        document.put("failure", failure);
        document.put("drop", drop());
        document.put("calls", calls);
        document.put("children", children);
        document.put("warnings", warnings);
        document.put("findings", findings.stream().map(CheckReport::document).collect(Collectors.toList()));
        document.put("notLookedAt", target.running() ? null : NOT_SEEN);
        return JsonReport.text(document);
    }

    private static Map<String, Object> document(Finding finding) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
        fields.put("check", finding.check());
        fields.put("what", finding.what());
        fields.put("when", finding.when());
        fields.put("remedy", finding.remedy());
        return fields;
    }

    String text() {
        line("check of " + target.name());
        list("the drop, in order:", drop());
        if (wanted == null) {
            line("nothing is dropped");
        } else if (calls.isEmpty() && feasible()) {
            line("all of this holds already: no call is needed");
        }
        list("by these calls on every task:", calls);
        list("every child from the start of the agent on, unless its launcher says otherwise:", children);
        if (!feasible()) {
            line("not feasible: " + failure);
            return text.toString();
        }
        if (!calls.isEmpty()) {
            line("tried on a disposable process: all calls succeed");
        }
        list("warnings:", warnings);
        section("breaks:", Severity.BREAKS);
        section("works no longer around it:", Severity.HINDERS);
        section("keeps its power:", Severity.KEEPS);
        section("worth knowing:", Severity.NOTE);
        line(verdict());
        return text.toString();
    }

    private List<String> drop() {
        return wanted == null ? Collections.<String>emptyList() : wanted.describe();
    }

    private String verdict() {
        long breaks = count(Severity.BREAKS) + count(Severity.HINDERS);
        List<String> above = new ArrayList<>();
        if (breaks > 0) {
            above.add(breaks + (breaks == 1 ? " thing breaks" : " things break"));
        }
        if (!warnings.isEmpty()) {
            above.add(warnings.size() + (warnings.size() == 1 ? " warning" : " warnings"));
        }
        return (above.isEmpty() ? "feasible: nothing breaks" : "feasible, but see above: " + String.join(", ", above))
                + (count(Severity.KEEPS) == 0 ? "" : ", but descriptors keep their power")
                + (target.running() ? "" : "; " + NOT_SEEN);
    }

    private long count(Severity severity) {
        return findings.stream().filter(f -> f.severity() == severity).count();
    }

    private void list(String title, List<String> lines) {
        if (!lines.isEmpty()) {
            line(title);
        }
        for (String line : lines) {
            line("  " + line);
        }
    }

    private void section(String title, Severity severity) {
        List<Finding> some =
                findings.stream().filter(f -> f.severity() == severity).collect(Collectors.toList());
        if (!some.isEmpty()) {
            line(title);
        }
        for (Finding finding : some) {
            line("  " + finding.check() + ": " + finding.what());
            line("    when: " + finding.when());
            line("    mend: " + finding.remedy());
        }
    }

    private void line(String line) {
        text.append(Text.plain(line)).append('\n');
    }
}

package dev.psx.agent.cli;

import dev.psx.check.Finding;
import dev.psx.check.Finding.Severity;
import dev.psx.drop.DropSpec;
import dev.psx.spi.Program;
import java.util.List;
import java.util.stream.Collectors;

/** What check prints. */
final class CheckReport {

    private final StringBuilder text = new StringBuilder();
    private final Program drop;

    CheckReport(String target, DropSpec wanted, Program drop) {
        this.drop = drop;
        line("check of " + target);
        line("the drop, in order:");
        for (String each : wanted.describe()) {
            line("  " + each);
        }
        if (drop.size() == 0) {
            line("all of this holds already: no call is needed");
        } else {
            line("by these calls on every task:");
            for (String call : CallList.of(drop)) {
                line("  " + call);
            }
        }
    }

    String notFeasible(String reason) {
        line("not feasible: " + reason);
        return text.toString();
    }

    String feasible(List<Finding> findings) {
        if (drop.size() > 0) {
            line("tried on a disposable process: all calls succeed");
        }
        section("breaks:", Severity.BREAKS, findings);
        section("works no longer around it:", Severity.HINDERS, findings);
        section("keeps its power:", Severity.KEEPS, findings);
        section("worth knowing:", Severity.NOTE, findings);
        long kept = count(findings, Severity.KEEPS);
        long breaks = count(findings, Severity.BREAKS) + count(findings, Severity.HINDERS);
        line((breaks == 0
                        ? "feasible: nothing breaks"
                        : "feasible, but see above: " + breaks + (breaks == 1 ? " thing breaks" : " things break"))
                + (kept == 0 ? "" : ", but descriptors keep their power"));
        return text.toString();
    }

    private static long count(List<Finding> findings, Severity severity) {
        return findings.stream().filter(f -> f.severity() == severity).count();
    }

    private void section(String title, Severity severity, List<Finding> findings) {
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

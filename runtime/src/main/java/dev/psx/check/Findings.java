package dev.psx.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the checks have found so far. */
final class Findings {

    private final List<Finding> all = new ArrayList<>();
    private final Set<String> spokenFor = new HashSet<>();

    void breaks(String check, String what, String when, String remedy) {
        all.add(new Finding(Finding.Severity.BREAKS, check, what, when, remedy));
    }

    void hinders(String check, String what, String when, String remedy) {
        all.add(new Finding(Finding.Severity.HINDERS, check, what, when, remedy));
    }

    void keeps(String check, String what, String when, String remedy) {
        all.add(new Finding(Finding.Severity.KEEPS, check, what, when, remedy));
    }

    void note(String check, String what, String when, String remedy) {
        all.add(new Finding(Finding.Severity.NOTE, check, what, when, remedy));
    }

    /** A check that knows what a file is for has judged it: the general ones need not. */
    void speakFor(String path) {
        spokenFor.add(path);
    }

    boolean isSpokenFor(String path) {
        return spokenFor.contains(path);
    }

    /** Returns the findings, the worst first. */
    List<Finding> sorted() {
        List<Finding> sorted = new ArrayList<>();
        for (Finding.Severity severity : Finding.Severity.values()) {
            for (Finding finding : all) {
                if (finding.severity() == severity) {
                    sorted.add(finding);
                }
            }
        }
        return Collections.unmodifiableList(sorted);
    }
}

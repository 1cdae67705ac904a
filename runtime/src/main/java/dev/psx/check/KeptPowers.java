package dev.psx.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Descriptors that keep what the drop shall take away; those that are alike together. */
final class KeptPowers {

    static final String CLOSE =
            "close it before the drop; if the application needs it, all code in the process has it, too";

    private final Map<List<String>, List<String>> alike = new LinkedHashMap<>();

    /**
     * Adds one.
     *
     * @param what its path or kind
     * @param allows what it still does, as in "it still …"
     */
    void add(OpenDescriptor descriptor, String what, String allows, String remedy) {
        List<String> key = new ArrayList<>();
        key.add(what);
        key.add(allows);
        key.add(remedy);
        if (!alike.containsKey(key)) {
            alike.put(key, new ArrayList<String>());
        }
        alike.get(key).add(Integer.toString(descriptor.number));
    }

    void report(Findings findings) {
        for (Map.Entry<List<String>, List<String>> each : alike.entrySet()) {
            List<String> key = each.getKey();
            List<String> numbers = each.getValue();
            findings.keeps(
                    "descriptor",
                    (numbers.size() == 1 ? "descriptor " : "descriptors ") + Unusable.some(numbers) + " (" + key.get(0)
                            + ") still " + key.get(1),
                    "at any time: a drop changes credentials, not what is open already",
                    key.get(2));
        }
    }
}

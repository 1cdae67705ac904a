package dev.psx.agent.cli;

import dev.psx.spi.CapabilityWords;
import dev.psx.spi.StatusFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Credentials as people read them. */
final class CredentialText {

    private static final String[] SECCOMP = {"off", "strict", "filter"};

    private final Map<String, String> ids = new LinkedHashMap<>();
    private final Map<String, String> capabilities = new LinkedHashMap<>();

    CredentialText(StatusFile status) {
        ids.put("uid", ids(status.uid()));
        ids.put("gid", ids(status.gid()));
        ids.put("groups", status.groups().length == 0 ? "none" : join(status.groups(), " "));
        ids.put("no_new_privs", status.noNewPrivs() ? "yes" : "no");
        ids.put("seccomp", seccomp(status.seccomp()));
        capabilities.put("permitted", CapabilityWords.of(status.capPermitted()));
        capabilities.put("effective", CapabilityWords.of(status.capEffective()));
        capabilities.put("inheritable", CapabilityWords.of(status.capInheritable()));
        capabilities.put("ambient", CapabilityWords.of(status.capAmbient()));
        capabilities.put("bounding", CapabilityWords.of(status.capBounding()));
    }

    /** All but the capabilities, in one line. */
    String idLine() {
        return ids.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    /** The five sets, those that are equal together. */
    String capabilityLine() {
        Map<String, List<String>> setsByValue = new LinkedHashMap<>();
        capabilities.forEach((set, value) ->
                setsByValue.computeIfAbsent(value, v -> new ArrayList<>()).add(set));
        if (setsByValue.size() == 1) {
            return "capabilities: " + setsByValue.keySet().iterator().next() + " in all five sets";
        }
        return "capabilities: "
                + setsByValue.entrySet().stream()
                        .map(entry -> String.join("+", entry.getValue()) + " " + entry.getKey())
                        .collect(Collectors.joining("; "));
    }

    /** What is not as in the other. */
    String differences(CredentialText other) {
        List<String> differences = new ArrayList<>();
        addDifferences(ids, other.ids, differences);
        addDifferences(capabilities, other.capabilities, differences);
        return String.join("; ", differences);
    }

    private static void addDifferences(Map<String, String> mine, Map<String, String> others, List<String> to) {
        mine.forEach((name, value) -> {
            if (!value.equals(others.get(name))) {
                to.add(name + " " + value + " instead of " + others.get(name));
            }
        });
    }

    private static String ids(int[] four) {
        boolean same = Arrays.stream(four).allMatch(id -> id == four[0]);
        return same ? Integer.toUnsignedString(four[0]) : join(four, "/");
    }

    private static String join(int[] ids, String separator) {
        return Arrays.stream(ids).mapToObj(Integer::toUnsignedString).collect(Collectors.joining(separator));
    }

    private static String seccomp(int mode) {
        return mode >= 0 && mode < SECCOMP.length ? SECCOMP[mode] : Integer.toString(mode);
    }
}

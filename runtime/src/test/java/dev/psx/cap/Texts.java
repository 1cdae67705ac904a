package dev.psx.cap;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Makes sets, and texts that are right, nearly right, and wrong. */
final class Texts {

    private static final List<String> SOUP = List.of(
            "all",
            "ALL",
            "all_",
            "=",
            "+",
            "-",
            ",",
            "e",
            "i",
            "p",
            "E",
            " ",
            "\t",
            "\n",
            "\u000b",
            "\f",
            "\r",
            "!",
            "^",
            "%",
            "cap_chown",
            "CAP_KILL",
            "cap_",
            "chown",
            "cap_chownx",
            "0",
            "7",
            "40",
            "41",
            "63",
            "64",
            "0x1f",
            "0X3F",
            "0x",
            "017",
            "08",
            "99999999999999999999",
            "_",
            "#",
            "ä",
            "=+",
            "=-",
            "eip",
            "cap_net_raw,cap_setuid",
            "ff",
            "0xg",
            "٣");

    private final Random random;

    Texts(long seed) {
        random = new Random(seed);
    }

    /** Returns a mask: of few, many, or any capabilities; seldom of such that no kernel knows. */
    long mask() {
        long any = random.nextLong();
        switch (random.nextInt(6)) {
            case 0:
                return any & random.nextLong() & random.nextLong() & random.nextLong();
            case 1:
                return (any | random.nextLong() | random.nextLong() | random.nextLong()) & Capability.all();
            case 2:
                return 0;
            case 3:
                return Capability.all();
            case 4:
                return any;
            default:
                return any & Capability.all();
        }
    }

    CapabilitySet set() {
        CapabilitySet set = CapabilitySet.of(mask(), mask(), mask());
        return random.nextInt(4) == 0 ? set.fill(CapabilitySet.Flag.EFFECTIVE, CapabilitySet.Flag.PERMITTED) : set;
    }

    String setText() {
        switch (random.nextInt(4)) {
            case 0:
                return soup();
            case 1:
                return mutated(set().toString());
            case 2:
                return mutated(clauses());
            default:
                return clauses();
        }
    }

    String iabText() {
        switch (random.nextInt(4)) {
            case 0:
                return soup();
            case 1:
                return mutated(Iab.of(mask(), mask(), mask()).toString());
            case 2:
                return mutated(elements());
            default:
                return elements();
        }
    }

    private String clauses() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            boolean listed = random.nextInt(5) > 0;
            text.append(listed ? list() : "").append(actions(listed)).append(i == 0 ? "" : pick(" ", "  ", "\t", "\n"));
        }
        return text.toString();
    }

    private String list() {
        StringBuilder text = new StringBuilder(item());
        for (int i = random.nextInt(3); i > 0; i--) {
            text.append(',').append(item());
        }
        return text.toString();
    }

    private String item() {
        String name = Capability.values()[random.nextInt(41)].toString();
        return pick(
                name,
                name,
                name.toUpperCase(Locale.ROOT),
                "all",
                Integer.toString(random.nextInt(66)),
                "0x" + Integer.toHexString(random.nextInt(66)),
                "0" + Integer.toOctalString(random.nextInt(66)));
    }

    private String actions(boolean listed) {
        StringBuilder text = new StringBuilder(listed ? pick("=", "+", "-", "=+", "=-") : "=").append(letters());
        for (int i = listed ? random.nextInt(3) : 0; i > 0; i--) {
            text.append(pick("+", "-")).append(letters());
        }
        return text.toString();
    }

    private String letters() {
        return pick("e", "i", "p", "ei", "ep", "ip", "eip", "pie", "pp", "");
    }

    private String elements() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append(pick("", "", "!", "^", "%", "!^", "!%", "^^", "%!"))
                    .append(item())
                    .append(i == 1 ? "" : ",");
        }
        return text.toString();
    }

    private String soup() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(9); i > 0; i--) {
            text.append(SOUP.get(random.nextInt(SOUP.size())));
        }
        return text.toString();
    }

    private String mutated(String text) {
        StringBuilder changed = new StringBuilder(text);
        int at = random.nextInt(text.length() + 1);
        switch (random.nextInt(3)) {
            case 0:
                return changed.insert(at, SOUP.get(random.nextInt(SOUP.size()))).toString();
            case 1:
                return changed.delete(at, Math.min(text.length(), at + 1 + random.nextInt(3)))
                        .toString();
            default:
                return changed.substring(0, at);
        }
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}

package dev.psx.drop;

import dev.psx.cap.Capability;
import java.util.ArrayList;
import java.util.List;

/**
 * Internal: what a plan keeps and the process has not got any more. Executing a program takes capabilities that are not ambient, so a
 * child JVM that inherits the agent's options from one that has dropped finds itself with less than they keep. It holds the state all
 * the same, if nothing is left to be given up.
 */
final class Shortfall {

    private static final long SETPCAP = 1L << 8;
    private static final int KEEP_CAPS = 1 << 4;
    private static final int KEEP_CAPS_LOCKED = 1 << 5;

    private final long capabilities;
    private final boolean keepCaps;
    private final long inherited;

    private Shortfall(DropSpec spec, Before before) {
        inherited = spec.ambient == null ? 0 : spec.ambient;
        capabilities = ((spec.capabilities == null ? 0 : spec.capabilities) | inherited) & ~before.permitted();
        keepCaps = lacksKeepCaps(spec, before);
    }

    /** Returns null where nothing is missing, or could still be had, or something else is to be given up. */
    static Shortfall of(DropSpec spec, Before before) {
        Shortfall shortfall = new Shortfall(spec, before);
        boolean complete = shortfall.capabilities == 0 && !shortfall.keepCaps;
        return complete || new DropSteps(shortfall.reduced(spec), before).givesUp() ? null : shortfall;
    }

    /** Executing a program clears that bit. Who lacks CAP_SETPCAP, or finds it locked, cannot bring it back. */
    private boolean lacksKeepCaps(DropSpec spec, Before before) {
        if (spec.secureBits == null || (spec.secureBits & KEEP_CAPS) == 0 || before.isElsewhere()) {
            return false;
        }
        int now = before.ownSecureBits();
        boolean free = (before.effective() & SETPCAP) != 0 && (now & KEEP_CAPS_LOCKED) == 0;
        return (now & KEEP_CAPS) == 0 && (capabilities != 0 || !free);
    }

    /** Returns the plan without what is missing. */
    DropSpec reduced(DropSpec spec) {
        return spec.without(capabilities, keepCaps ? KEEP_CAPS : 0);
    }

    /** Returns what is missing and how to keep it. */
    String warning() {
        List<String> missing = new ArrayList<>();
        List<String> why = new ArrayList<>();
        if (capabilities != 0) {
            missing.add(CapabilityNames.list(capabilities));
            why.add(whyCapabilities());
        }
        if (keepCaps) {
            missing.add("the secure bit keep-caps");
            why.add("executing a program always clears keep-caps");
        }
        return "the process has lost what the plan keeps: " + String.join(", ", missing) + "; "
                + String.join("; ", why);
    }

    private String whyCapabilities() {
        if ((capabilities & ~inherited) == 0) {
            return "it was started without";
        }
        String all =
                Capability.list(capabilities | inherited).replace("cap_", "").replace(',', '+');
        return "a child gets kept capabilities only if they are ambient, too (ambient=" + all + ")";
    }
}

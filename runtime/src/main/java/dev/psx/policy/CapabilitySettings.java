package dev.psx.policy;

import dev.psx.cap.Capability;
import dev.psx.drop.DropSpecBuilder;
import java.util.Arrays;
import java.util.List;

/** The three keys about capabilities, which depend on each other. Immutable. */
final class CapabilitySettings {

    /** Permitted and effective; null for what follows from the user, or if {@link #keep}. */
    private final Long kept;

    private final boolean keep;
    private final Long ambient;
    private final Long bounding;
    private final boolean keepBounding;

    CapabilitySettings(Given given, boolean user) {
        Setting caps = given.get(Key.CAPS);
        Capabilities read = caps == null ? null : Capabilities.kept(caps);
        keep = read != null && read.keep;
        kept = read == null || keep ? null : Long.valueOf(read.mask);
        Setting inherited = given.get(Key.AMBIENT);
        ambient = inherited == null ? null : Long.valueOf(ambient(inherited, user));
        Setting bound = given.get(Key.BOUNDING);
        Capabilities most = bound == null ? null : Capabilities.bounding(bound);
        keepBounding = most != null && (most.keep || most.inverted && most.mask == 0);
        bounding = most == null || keepBounding ? null : Long.valueOf(most.of(Capability.all()));
    }

    private long ambient(Setting setting, boolean user) {
        Capabilities read = Capabilities.ambient(setting);
        Long most = kept == null && user && !keep ? Long.valueOf(0) : kept;
        String caps = setting.name(Key.CAPS);
        if (read.inverted && most == null) {
            throw setting.bad("needs a list in " + caps + ", of which it takes all but those behind ~");
        }
        long mask = read.of(most == null ? 0 : most);
        if (most != null && (mask & ~most) != 0) {
            throw setting.bad("is not part of " + caps + ": "
                    + Capability.list(mask & ~most).replace(",", ", ")
                    + (kept == null
                            ? " is not kept, with a user nothing is unless " + caps + " names it"
                            : " is missing there"));
        }
        return mask;
    }

    boolean change() {
        return kept != null || ambient != null || bounding != null;
    }

    void addTo(DropSpecBuilder spec) {
        if (keep) {
            spec.keepCapabilities();
        } else if (kept != null) {
            spec.capabilities(kept);
        }
        if (ambient != null) {
            spec.ambient(ambient);
        }
        if (keepBounding) {
            spec.keepBounding();
        } else if (bounding != null) {
            spec.bounding(bounding);
        }
    }

    List<Object> asList() {
        return Arrays.<Object>asList(kept, keep, ambient, bounding, keepBounding);
    }
}

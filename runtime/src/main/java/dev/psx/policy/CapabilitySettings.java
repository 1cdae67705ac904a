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

    CapabilitySettings(Given given) {
        Setting caps = given.get(Key.CAPS);
        Capabilities read = caps == null ? null : Capabilities.kept(caps);
        keep = read != null && read.keep;
        kept = read == null || keep ? null : Long.valueOf(read.mask);
        Setting inherited = given.get(Key.AMBIENT);
        ambient = inherited == null ? null : Long.valueOf(ambient(inherited));
        Setting bound = given.get(Key.BOUNDING);
        Capabilities most = bound == null ? null : Capabilities.bounding(bound);
        keepBounding = most != null && (most.keep || most.inverted && most.mask == 0);
        bounding = most == null || keepBounding ? null : Long.valueOf(most.of(Capability.all()));
        if (ambient != null && bounding != null && (ambient & ~bounding) != 0) {
            throw inherited.bad("is not part of " + inherited.name(Key.BOUNDING) + ": " + names(ambient & ~bounding)
                    + " is missing there, and what is not in the bounding set cannot become inheritable");
        }
    }

    /** Without {@code caps} these are what is kept, as with systemd; see {@link DropSpecBuilder#ambient}. */
    private long ambient(Setting setting) {
        Capabilities read = Capabilities.ambient(setting);
        String caps = setting.name(Key.CAPS);
        if (read.inverted && kept == null) {
            throw setting.bad("needs a list in " + caps + ", of which it takes all but those behind ~");
        }
        long mask = read.of(kept == null ? 0 : kept);
        if (kept != null && (mask & ~kept) != 0) {
            throw setting.bad("is not part of " + caps + ": " + names(mask & ~kept) + " is missing there");
        }
        return mask;
    }

    private static String names(long mask) {
        return Capability.list(mask).replace(",", ", ");
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

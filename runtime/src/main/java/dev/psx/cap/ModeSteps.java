package dev.psx.cap;

import dev.psx.cap.CapabilitySet.Flag;
import dev.psx.cap.ProcessState.Before;

/** The calls that put a process into a {@link Mode}. What holds already is left out. */
final class ModeSteps {

    private ModeSteps() {}

    /**
     * Returns the calls.
     *
     * @param bits the securebits that the process has
     * @param pure those of a pure mode
     */
    static Changes of(Mode mode, Before before, SecureBits bits, SecureBits pure) {
        SecureBits wanted = mode == Mode.HYBRID ? SecureBits.NONE : pure;
        long dropped = mode == Mode.NOPRIV ? before.bounding : 0;
        boolean needsCapability = !bits.equals(wanted) || dropped != 0;
        CapabilitySet first = before.sets;
        Changes changes = Changes.begin();
        if (needsCapability) {
            changes.raise(first, Capability.SETPCAP);
            first = first.raise(Flag.EFFECTIVE, Capability.SETPCAP);
        }
        if (mode != Mode.HYBRID && before.ambient != 0) {
            changes.clearAmbient();
        }
        if (!bits.equals(wanted)) {
            changes.secureBits(wanted);
        }
        changes.dropBounding(dropped);
        if (mode == Mode.NOPRIV && !before.noNewPrivileges) {
            changes.noNewPrivileges();
        }
        CapabilitySet last = last(mode, before.sets);
        return last.equals(first) ? changes : changes.capset(last);
    }

    private static CapabilitySet last(Mode mode, CapabilitySet sets) {
        switch (mode) {
            case NOPRIV:
                return CapabilitySet.EMPTY;
            case PURE1E_INIT:
                return CapabilitySet.of(sets.permitted(), 0, 0);
            default:
                return sets.clear(Flag.EFFECTIVE);
        }
    }
}

package dev.psx.cap;

import dev.psx.cap.CapabilitySet.Flag;
import dev.psx.cap.ProcessState.Before;

/** The calls that give a process an {@link Iab}. */
final class IabSteps {

    private IabSteps() {}

    /** The inheritable set comes first, because nothing else becomes ambient; the bounding set is no obstacle to that. */
    static Changes of(Iab wanted, Before before) {
        CapabilitySet sets = before.sets;
        CapabilitySet last = sets.with(Flag.INHERITABLE, wanted.inheritable());
        long dropped = wanted.blocked() & before.bounding;
        boolean grows = (wanted.inheritable() & ~(sets.inheritable() | sets.permitted())) != 0;
        CapabilitySet first = grows || dropped != 0 ? last.raise(Flag.EFFECTIVE, Capability.SETPCAP) : last;
        Changes changes = Changes.begin();
        if (!first.equals(sets)) {
            changes.capset(first);
        }
        long ambient = wanted.ambient() & Capability.all();
        if (ambient != before.ambient) {
            changes.clearAmbient().raiseAmbient(ambient);
        }
        changes.dropBounding(dropped);
        return first.equals(last) ? changes : changes.capset(last);
    }
}

package dev.psx.cap;

import dev.psx.cap.CapabilitySet.Flag;
import dev.psx.spi.CapabilityCalls;
import dev.psx.spi.Program;

/** The calls of one change, in order. */
final class Changes {

    private final Program program = new Program();

    private Changes() {}

    static Changes begin() {
        return new Changes();
    }

    Program program() {
        return program;
    }

    Changes capset(CapabilitySet sets) {
        CapabilityCalls.capset(program, sets.toString(), sets.permitted(), sets.effective(), sets.inheritable());
        return this;
    }

    /** Makes a capability effective, for the calls that follow, unless it is. */
    Changes raise(CapabilitySet now, Capability capability) {
        return now.has(Flag.EFFECTIVE, capability) ? this : capset(now.raise(Flag.EFFECTIVE, capability));
    }

    Changes secureBits(SecureBits bits) {
        CapabilityCalls.secureBits(program, bits.value());
        return this;
    }

    Changes keepCapabilities(boolean keep) {
        CapabilityCalls.keepCapabilities(program, keep);
        return this;
    }

    Changes dropBounding(long mask) {
        CapabilityCalls.dropBounding(program, mask);
        return this;
    }

    Changes raiseAmbient(long mask) {
        CapabilityCalls.raiseAmbient(program, mask);
        return this;
    }

    Changes lowerAmbient(long mask) {
        CapabilityCalls.lowerAmbient(program, mask);
        return this;
    }

    Changes clearAmbient() {
        CapabilityCalls.clearAmbient(program);
        return this;
    }

    Changes noNewPrivileges() {
        CapabilityCalls.noNewPrivileges(program);
        return this;
    }

    Changes id(String call, int id) {
        program.add(call, Integer.toUnsignedLong(id));
        return this;
    }

    Changes groups(int... gids) {
        program.addGroups(gids);
        return this;
    }
}

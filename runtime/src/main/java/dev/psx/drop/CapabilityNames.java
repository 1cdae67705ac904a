package dev.psx.drop;

import dev.psx.cap.Capability;

/** Internal: capabilities in messages. */
final class CapabilityNames {

    private CapabilityNames() {}

    static String list(long mask) {
        return mask == 0 ? "none" : Capability.list(mask).replace(",", ", ");
    }
}

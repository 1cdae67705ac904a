package dev.psx.drop;

import dev.psx.cap.Capability;

/** Internal: capabilities in messages. */
public final class CapabilityNames {

    private CapabilityNames() {}

    /** Says that the running kernel lacks a capability. */
    public static String unknown(int number) {
        int last = Capability.count() - 1;
        String name = Capability.name(number);
        String shown = name.equals(Integer.toString(number)) ? name : number + " (" + name + ")";
        return "this kernel has no capability " + shown + ", the highest is " + last + " (" + Capability.name(last)
                + ")";
    }

    static String list(long mask) {
        return mask == 0 ? "none" : Capability.list(mask).replace(",", ", ");
    }
}

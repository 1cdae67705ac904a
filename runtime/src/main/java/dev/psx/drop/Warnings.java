package dev.psx.drop;

import java.util.ArrayList;
import java.util.List;

/** Internal: what is allowed, but worth knowing. */
final class Warnings {

    /** Each gives, directly or in two steps, all that root can do: by numbers, as in capabilities(7). */
    private static final int[] ROOT = {0, 1, 2, 3, 6, 7, 8, 16, 17, 19, 21, 27, 31, 39};

    private Warnings() {}

    /** @param permitted what stays permitted */
    static List<String> of(DropSpec spec, long permitted, boolean keyrings) {
        List<String> warnings = new ArrayList<>();
        long root = permitted & root();
        if (spec.capabilities == null ? spec.uid != null && root != 0 : root != 0) {
            warnings.add("the kept capabilities " + CapabilityNames.list(root)
                    + " amount to root: who has them can get everything else back");
        }
        if (spec.uid != null && spec.groups() == null) {
            warnings.add("the supplementary groups of before stay although the user changes");
        }
        if (spec.uid != null && spec.gid == null) {
            warnings.add("the group ids of before stay although the user changes");
        }
        if (Boolean.TRUE.equals(spec.dumpable) && spec.uid != null) {
            warnings.add("with the dumpable flag every process of the same user may read and change this one's memory");
        }
        if (!keyrings) {
            warnings.add(
                    "keyctl is not there or refused, so the session keyring stays; no task can reach its keys either");
        }
        return warnings;
    }

    private static long root() {
        long mask = 0;
        for (int capability : ROOT) {
            mask |= 1L << capability;
        }
        return mask;
    }
}

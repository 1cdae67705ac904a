package dev.psx.drop;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Internal: what is allowed, but worth knowing. */
final class Warnings {

    private Warnings() {}

    /** @param permitted what stays permitted */
    static List<String> of(DropSpec spec, long permitted, boolean keyrings) {
        List<String> warnings = new ArrayList<>();
        if (spec.capabilities != null || spec.uid != null) {
            powers(warnings, spec, permitted);
        }
        if (spec.uid != null && spec.uid == 0) {
            warnings.add("user 0 owns the files of the system: without any capability it can still change programs and"
                    + " settings that others run with all of them");
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

    private static void powers(List<String> warnings, DropSpec spec, long permitted) {
        long chroot = 1L << RootPowers.SYS_CHROOT;
        Map<String, String> powers = RootPowers.among(spec.noNewPrivileges ? permitted & ~chroot : permitted);
        if (!powers.isEmpty()) {
            List<String> reasons = new ArrayList<>();
            for (Map.Entry<String, String> power : powers.entrySet()) {
                reasons.add(power.getKey() + " " + power.getValue());
            }
            warnings.add("the kept capabilities " + String.join(", ", powers.keySet())
                    + " amount to root: who has them can get everything else back (" + String.join("; ", reasons)
                    + ")");
        }
        if (spec.root != null && (permitted & chroot) != 0) {
            warnings.add("the kept capability cap_sys_chroot leads out of the new root directory");
        }
    }
}

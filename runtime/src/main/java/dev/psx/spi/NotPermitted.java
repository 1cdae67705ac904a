package dev.psx.spi;

import java.util.ArrayList;
import java.util.List;

/** Internal: which capabilities capset(2) was to leave that the process itself does not have. Nothing becomes permitted again. */
final class NotPermitted {

    private static final int WORDS = 8;

    /** Where an encoded call has the index of its second argument's bytes. */
    private static final int DATA = 2;

    private static final String PERMITTED = "capset(permitted ";
    private static final long SETPCAP = 1L << 8;

    private NotPermitted() {}

    /** Returns a part of a message, or null if the process has them all, or that cannot be told. */
    static String cause(Program program, int index) {
        String status = ProcText.read("/proc/thread-self/status");
        String call = program.describe(index);
        if (status == null || !call.startsWith(PERMITTED)) {
            return null;
        }
        long wanted = wanted(program, index);
        long missing = wanted & ~StatusFile.parse(status).capPermitted();
        if (missing == 0) {
            return null;
        }
        if (missing == SETPCAP && isForSecureBits(program, index)) {
            return "; to set the secure bits takes cap_setpcap, which the process itself does not have: start it with that"
                    + " capability (--cap-add SETPCAP), or leave out securebits";
        }
        return sentence(names(call, wanted, missing));
    }

    private static long wanted(Program program, int index) {
        int blob = (int) program.encoded()[index * WORDS + DATA];
        return CapabilityCalls.sets(program.blobs()[blob])[0];
    }

    /** Whether it is given up again when the bits are set. */
    private static boolean isForSecureBits(Program program, int index) {
        for (int later = index + 1; later < program.size(); later++) {
            if (program.name(later).equals("capset") && (wanted(program, later) & SETPCAP) == 0) {
                return true;
            }
        }
        return false;
    }

    /** The call shows the permitted set in the order of the kernel's numbers. */
    private static List<String> names(String call, long wanted, long missing) {
        int effective = call.indexOf(", effective ");
        int end = effective < 0 ? call.indexOf(", all effective") : effective;
        String[] shown = call.substring(PERMITTED.length(), end).split(", ");
        List<String> names = new ArrayList<>();
        int place = 0;
        for (long rest = wanted; rest != 0; rest &= rest - 1) {
            if ((missing & Long.lowestOneBit(rest)) != 0) {
                names.add(shown[place]);
            }
            place++;
        }
        return names;
    }

    private static String sentence(List<String> names) {
        StringBuilder add = new StringBuilder();
        for (String name : names) {
            String bare = name.startsWith("cap_") ? name.substring("cap_".length()) : name;
            add.append(add.length() == 0 ? "" : " ")
                    .append("--cap-add ")
                    .append(bare.toUpperCase(java.util.Locale.ROOT));
        }
        boolean one = names.size() == 1;
        return "; the process itself does not have " + String.join(", ", names) + ": start it with "
                + (one ? "that capability" : "these capabilities") + " (" + add + "), or leave "
                + (one ? "it" : "them") + " out of caps";
    }
}

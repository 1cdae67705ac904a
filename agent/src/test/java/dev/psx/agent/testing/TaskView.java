package dev.psx.agent.testing;

import java.util.List;
import java.util.SortedSet;

/** What the kernel says about one task; ids are real, effective, saved, file system. */
public record TaskView(
        int tid,
        String name,
        List<Integer> uid,
        List<Integer> gid,
        SortedSet<Integer> groups,
        long capInheritable,
        long capPermitted,
        long capEffective,
        long capBounding,
        long capAmbient,
        int noNewPrivs,
        int seccompFilters) {

    /** All that a privilege change may touch, to compare tasks with each other and before with after. */
    public String state() {
        return "uid " + uid + " gid " + gid + " groups " + groups + " caps "
                + List.of(hex(capInheritable), hex(capPermitted), hex(capEffective), hex(capBounding), hex(capAmbient))
                + " nnp " + noNewPrivs + " filters " + seccompFilters;
    }

    private static String hex(long value) {
        return Long.toHexString(value);
    }
}

package dev.psx.drop;

import java.io.File;

/** Internal: a limit of descriptors that lets the process open nothing more: then not even the drop could be verified. */
final class DescriptorLimit {

    private static final int NOFILE = Limit.resource("nofile");

    /** The verification takes one at a time; others may open some meanwhile. */
    private static final int SPARE = 16;

    private DescriptorLimit() {}

    /**
     * Checks that a new limit leaves some descriptors free.
     *
     * @param descriptors the directory that lists those of the process
     * @throws IllegalStateException if it does not
     */
    static void refuse(DropSpec spec, String descriptors) {
        for (Limit limit : spec.limits()) {
            if (limit.resource == NOFILE
                    && limit.soft >= 0
                    && limit.soft < openBelow(limit.soft, descriptors) + SPARE) {
                throw new IllegalStateException("the drop was not begun: the limit nofile of " + limit.soft
                        + " is too low: as many descriptors are in use, or all but a few, so the JVM could open no file"
                        + " and the drop could not be verified; raise it; nothing has changed");
            }
        }
    }

    /** A new descriptor gets the lowest number that is free, and that must be below the limit. */
    private static long openBelow(long limit, String descriptors) {
        long open = 0;
        String[] names = new File(descriptors).list();
        for (String name : names == null ? new String[0] : names) {
            open += Integer.parseInt(name) < limit ? 1 : 0;
        }
        return open;
    }
}

package dev.psx.drop;

import java.io.File;
import java.util.function.Function;

/**
 * Internal: tries from inside a new root directory whether a descriptor leads out of it. One may have been opened while the tasks
 * were being gathered, when it was too late to refuse.
 */
final class WaysOut {

    /** Descriptors beyond the highest one of before, for those that were opened meanwhile. */
    private static final int MORE = 256;

    /** As far up as a path can lead: it has at most 4095 bytes. */
    private static final int STEPS = 1365;

    private final Function<Object[], Object> port;
    private final FileId engine;
    private final int highest;

    /** Notes what is to be known of before the drop. */
    WaysOut(Function<Object[], Object> port) {
        this.port = port;
        this.engine = FileId.of(port, "/proc/self/task");
        this.highest = highest();
    }

    private static int highest() {
        int highest = 0;
        String[] names = new File("/proc/self/fd").list();
        for (String name : names == null ? new String[0] : names) {
            highest = Math.max(highest, Integer.parseInt(name));
        }
        return highest;
    }

    /**
     * Goes up from each directory that is open. From inside that ends at the root.
     *
     * @throws IllegalStateException if it does not
     */
    void refuse() {
        FileId root = FileId.of(port, "/");
        StringBuilder up = new StringBuilder();
        for (int i = 0; i < STEPS; i++) {
            up.append("../");
        }
        for (int descriptor = 0; descriptor <= highest + MORE; descriptor++) {
            FileId top = FileId.at(port, descriptor, up.toString());
            // the engine's own is the top of what it sees
            if (top != null && !top.equals(root) && !top.equals(engine)) {
                throw new IllegalStateException("descriptor " + descriptor
                        + " is a directory outside the new root that was opened during the drop: it is a way out");
            }
        }
    }
}

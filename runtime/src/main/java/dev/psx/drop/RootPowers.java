package dev.psx.drop;

import dev.psx.cap.Capability;
import java.util.LinkedHashMap;
import java.util.Map;

/** Internal: the capabilities each of which gives, directly or in two steps, all that root can do. */
final class RootPowers {

    static final int SYS_CHROOT = 18;

    private static final String[] REASONS = new String[64];

    static {
        REASONS[0] = "makes any file its own, such as /etc/shadow";
        REASONS[1] = "writes to any file";
        REASONS[2] = "reads any file, such as keys and hashes of passwords";
        REASONS[3] = "changes the permissions of any file";
        REASONS[6] = "joins any group, such as disk or shadow";
        REASONS[7] = "becomes user 0";
        REASONS[8] = "changes secure bits, and lets programs inherit what is left in the bounding set";
        REASONS[16] = "loads code into the kernel";
        REASONS[17] = "reads and writes the machine's ports and memory";
        REASONS[SYS_CHROOT] = "gives set-user-ID programs a root directory with other files; not with no_new_privs";
        REASONS[19] = "takes over any process";
        REASONS[21] = "mounts file systems, enters namespaces, and much else";
        REASONS[22] = "starts another kernel (kexec)";
        REASONS[27] = "makes device files, such as of a disk";
        REASONS[31] = "gives capabilities to files";
        REASONS[39] = "loads programs into the kernel";
    }

    private RootPowers() {}

    /** Returns the capabilities among these, by their names, each with the reason. */
    static Map<String, String> among(long capabilities) {
        Map<String, String> found = new LinkedHashMap<>();
        for (int number = 0; number < REASONS.length; number++) {
            if (REASONS[number] != null && (capabilities >>> number & 1) != 0) {
                found.put(Capability.list(1L << number), REASONS[number]);
            }
        }
        return found;
    }
}
